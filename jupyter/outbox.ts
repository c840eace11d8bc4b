import { type Comm, inKernel } from "./comm.ts";
import { Heartbeat } from "./heartbeat.ts";
import { HEARTBEAT, type JsonObject } from "./protocol.ts";
import { isEqual, type SlidingLists, type TraitStore } from "./trait_store.ts";

/**
 * Sliding lists of up to this many items are sent whole: they are cheap, and
 * programs that do not apply patches, such as nbconvert, get them right.
 */
const SHORT_LIST = 32;

/** Options of {@linkcode Outbox}. */
export interface OutboxOptions<T extends object> {
  /** The channel to the pages. */
  readonly comm: Comm;
  /** The traits to send. */
  readonly traits: TraitStore<T>;
  /** The lists whose changes are sent as patches. */
  readonly sliding?: SlidingLists<T>;
  /** Whether the traits are current. Without it there are no heartbeats. */
  readonly isCurrent?: () => boolean;
}

/**
 * Sends a widget's traits to the pages: everything that changed since the
 * previous message, in one message per turn of the event loop.
 */
export class Outbox<T extends object> {
  readonly #comm: Comm;
  readonly #traits: TraitStore<T>;
  readonly #sliding: SlidingLists<T>;
  readonly #isCurrent: (() => boolean) | undefined;
  readonly #heartbeat = new Heartbeat(() => this.sendHeartbeat());
  /** The values that the pages have. */
  #sent: T;
  /** Traits whose values in some page may differ from those in `#sent`. */
  #stale = new Set<string>();
  #scheduled = false;
  #patches = 0;
  #heartbeats = 0;

  /** Creates an outbox for pages that have the current traits. */
  constructor({ comm, traits, sliding = {}, isCurrent }: OutboxOptions<T>) {
    this.#comm = comm;
    this.#traits = traits;
    this.#sliding = sliding;
    this.#isCurrent = isCurrent;
    this.#sent = traits.all();
  }

  /** Returns all traits for a new model; later messages build on them. */
  initialState(): JsonObject {
    this.flush();
    this.#sent = this.#traits.all();
    const heartbeat = this.#isCurrent ? { [HEARTBEAT]: this.#heartbeats } : {};
    return { ...heartbeat, ...this.#sent };
  }

  /** Sends the changes at the next `await` or end of the running code. */
  schedule(): void {
    if (this.#scheduled || !this.#comm.isOpen) return;
    this.#scheduled = true;
    // Timers stop when a user's timer throws; microtasks do not.
    queueMicrotask(() => this.flush());
  }

  /** Sends the changes now. */
  flush(): void {
    this.#scheduled = false;
    if (!this.#comm.isOpen) return;
    const previous = this.#sent;
    this.#sent = this.#traits.all();
    const state = this.#patchLists(
      this.#traits.differences(previous),
      previous,
    );
    for (const trait of this.#stale) {
      delete state[`${trait}_patch`];
      state[trait] = this.#sent[trait as keyof T];
    }
    this.#stale.clear();
    if (Object.keys(state).length > 0) this.#send(state);
  }

  /**
   * Marks traits that a page has set, so that they are sent in any case: other
   * pages need the new value, and this one the old value if it is refused.
   */
  markStale(traits: readonly string[]): void {
    for (const trait of traits) {
      if (Object.hasOwn(this.#sent, trait)) this.#stale.add(trait);
    }
    this.schedule();
  }

  /** Sends all traits, as a page may have missed messages. */
  resync(): void {
    this.flush();
    this.#send({ ...this.#sent, ...this.#nextHeartbeat() });
  }

  /** Sends a heartbeat if the traits are current; returns whether it did. */
  sendHeartbeat(): boolean {
    const heartbeat = this.#nextHeartbeat();
    const isCurrent = HEARTBEAT in heartbeat;
    if (isCurrent) this.#send(heartbeat);
    return isCurrent;
  }

  /** Turns regular heartbeats on or off. */
  set heartbeats(on: boolean) {
    if (on && this.#isCurrent && this.#comm.isOpen && inKernel()) {
      this.#heartbeat.start();
    } else this.#heartbeat.stop();
  }

  #nextHeartbeat(): JsonObject {
    return this.#isCurrent?.() ? { [HEARTBEAT]: ++this.#heartbeats } : {};
  }

  #send(state: JsonObject): void {
    this.#heartbeat.postpone();
    this.#comm.send({ method: "update", state, buffer_paths: [] });
  }

  /** Replaces long sliding lists with patches to their previous state. */
  #patchLists(changes: Partial<T>, previous: T): JsonObject {
    const state: JsonObject = { ...changes };
    for (const list of Object.keys(this.#sliding) as (keyof T & string)[]) {
      if (!Object.hasOwn(state, list)) continue;
      const after = this.#slidingList(list, this.#sent);
      const start = startOfChange(this.#slidingList(list, previous), after);
      if (after.items.length <= SHORT_LIST || start === after.first) continue;
      delete state[list];
      const items = after.items.slice(start - after.first);
      // The sequence number makes each patch differ from the previous one:
      // otherwise the page's model would emit no event for an equal patch.
      state[`${list}_patch`] = { sequence: ++this.#patches, start, items };
    }
    return state;
  }

  #slidingList(list: keyof T & string, traits: T): SlidingList {
    const first = this.#sliding[list]!;
    return {
      items: traits[list] as readonly unknown[],
      first: traits[first] as number,
    };
  }
}

/** Consecutively numbered items. */
interface SlidingList {
  readonly items: readonly unknown[];
  /** The number of the first item. */
  readonly first: number;
}

/**
 * Returns the number of the first item of `after` that is not in `before`. Items
 * keep their number, and only the last item of `before` may have changed.
 */
function startOfChange(before: SlidingList, after: SlidingList): number {
  const last = before.first + before.items.length - 1;
  const overlaps = before.first <= after.first && after.first <= last &&
    last < after.first + after.items.length;
  if (!overlaps) return after.first;
  const lastAfter = after.items[last - after.first];
  return isEqual(before.items.at(-1), lastAfter) ? last + 1 : last;
}
