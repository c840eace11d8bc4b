import { type Comm, inKernel } from "./comm.ts";
import { Heartbeat } from "./heartbeat.ts";
import { patchBetween } from "./sliding_list.ts";
import { BEAT, type JsonObject } from "./protocol.ts";
import type { Traits } from "./trait_store.ts";

/**
 * Lists of this many items or fewer are sent whole: they cost little, and a
 * program that knows nothing of patches, like nbconvert, has them right.
 */
const SHORT_LIST = 32;

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions<T extends object> {
  /** The way to the pages. */
  readonly comm: Comm;
  /** What they are told of. */
  readonly traits: Traits<T>;
  /** The traits of which long changes travel as patches. */
  readonly sliding?: readonly (keyof T & string)[];
  /** Whether the traits are as true as they can be: a widget that has nothing
   * else to tell says so every 5 s. Without it, it never does. */
  readonly isCurrent?: () => boolean;
}

/**
 * What a widget tells its pages of its traits: what is new since it last did,
 * in one message for all that changed in one turn.
 */
export class Outbox<T extends object> {
  readonly #comm: Comm;
  readonly #traits: Traits<T>;
  readonly #sliding: readonly (keyof T & string)[];
  readonly #isCurrent: (() => boolean) | undefined;
  readonly #heartbeat = new Heartbeat(() => this.beat());
  /** The values that the pages have. */
  #sent: T;
  /** The traits of which a page may have other values than were sent. */
  #doubted = new Set<string>();
  #scheduled = false;
  #patches = 0;
  #beats = 0;

  constructor({ comm, traits, sliding = [], isCurrent }: OutboxOptions<T>) {
    this.#comm = comm;
    this.#traits = traits;
    this.#sliding = sliding;
    this.#isCurrent = isCurrent;
    this.#sent = traits.all();
  }

  /** All traits, for a page to start with: what is sent later builds on it. */
  begin(): JsonObject {
    this.flush();
    this.#sent = this.#traits.all();
    return { ...this.#isCurrent ? { [BEAT]: this.#beats } : {}, ...this.#sent };
  }

  /** Sends what has changed when the running code lets go. */
  schedule(): void {
    if (this.#scheduled || !this.#comm.isOpen) return;
    this.#scheduled = true;
    // Not a timer: timers stop ticking when a user's timer throws.
    queueMicrotask(() => this.flush());
  }

  /** Sends what has changed now. */
  flush(): void {
    this.#scheduled = false;
    if (!this.#comm.isOpen) return;
    const state = this.#shorten(this.#traits.differences(this.#sent));
    this.#sent = this.#traits.all();
    for (const trait of this.#doubted) {
      state[trait] = this.#sent[trait as keyof T];
    }
    this.#doubted.clear();
    if (Object.keys(state).length > 0) this.#send(state);
  }

  /**
   * A page has set these traits. Whatever comes of it, all pages are told what
   * the kernel has in the end: others the new value, this one the old if it is
   * refused.
   */
  doubt(traits: readonly string[]): void {
    for (const trait of traits) {
      if (Object.hasOwn(this.#sent, trait)) this.#doubted.add(trait);
    }
    this.schedule();
  }

  /** Sends everything: a page may have missed anything. */
  resync(): void {
    this.flush();
    this.#send({ ...this.#sent, ...this.#nextBeat() });
  }

  /** Says that the widget lives; returns whether it did, as that must be true. */
  beat(): boolean {
    const beat = this.#nextBeat();
    if (BEAT in beat) this.#send(beat);
    return BEAT in beat;
  }

  /** Whether the pages are told every 5 s that the widget lives. */
  set watched(watched: boolean) {
    const beats = this.#isCurrent && this.#comm.isOpen && inKernel();
    if (watched && beats) this.#heartbeat.start();
    else this.#heartbeat.stop();
  }

  #nextBeat(): JsonObject {
    return this.#isCurrent?.() ? { [BEAT]: ++this.#beats } : {};
  }

  #send(state: JsonObject): void {
    this.#heartbeat.sent();
    this.#comm.send({ method: "update", state, buffer_paths: [] });
  }

  /** Puts patches in place of long lists. */
  #shorten(differences: Partial<T>): JsonObject {
    const state: JsonObject = { ...differences };
    for (const trait of this.#sliding) {
      const list = state[trait];
      if (!Array.isArray(list) || list.length <= SHORT_LIST) continue;
      const patch = patchBetween(this.#sent[trait] as readonly unknown[], list);
      if (patch.keep === 0) continue;
      delete state[trait];
      // The number makes each patch differ from the one before, which the
      // page's model would otherwise take for no change.
      state[`${trait}_patch`] = { number: ++this.#patches, ...patch };
    }
    return state;
  }
}
