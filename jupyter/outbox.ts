import {
  Backfill,
  type Schedule,
  type SlidingList,
  tailOf,
} from "./backfill.ts";
import { type Comm, inKernel } from "./comm.ts";
import { Heartbeat } from "./heartbeat.ts";
import { HEARTBEAT, type JsonObject, type ListPatch } from "./protocol.ts";
import { isEqual, type TraitStore } from "./trait_store.ts";

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
  /** Whether the traits are current. Without it there are no heartbeats. */
  readonly isCurrent?: () => boolean;
  /** Times what follows a long list. Default: timers. */
  readonly schedule?: Schedule;
}

/**
 * Sends a widget's traits to the pages: everything that changed since the
 * previous message, in one message per turn of the event loop.
 */
export class Outbox<T extends object> {
  readonly #comm: Comm;
  readonly #traits: TraitStore<T>;
  readonly #isCurrent: (() => boolean) | undefined;
  readonly #heartbeat = new Heartbeat(() => this.sendHeartbeat());
  /** The values that the pages have. */
  #sent: T;
  /** Traits whose values in some page may differ from those in `#sent`. */
  #stale = new Set<string>();
  #scheduled = false;
  /** How many changes of each sliding list were sent, if any was a patch. */
  readonly #sequences = new Map<string, number>();
  #heartbeats = 0;
  readonly #backfill: Backfill;

  /** Creates an outbox for pages that have the current traits. */
  constructor(
    { comm, traits, isCurrent, schedule }: OutboxOptions<T>,
  ) {
    this.#comm = comm;
    this.#traits = traits;
    this.#isCurrent = isCurrent;
    this.#sent = traits.all();
    this.#backfill = new Backfill({
      read: (list) => this.#slidingList(list, this.#sent),
      send: (list, older) => {
        if (comm.isOpen) this.#send({ [`${list}_older`]: older });
        return comm.isOpen;
      },
      schedule,
    });
  }

  /** Returns all traits for a new model; later messages build on them, and contain
   * what long lists lack. */
  initialState(): JsonObject {
    this.flush();
    this.#sent = this.#traits.all();
    const state = { ...this.#sent } as JsonObject;
    if (this.#isCurrent) state[HEARTBEAT] = this.#heartbeats;
    for (const list of Object.keys(this.#traits.sliding)) {
      this.#putList(list, state, () => this.#sequences.get(list) ?? 0);
    }
    return state;
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
    const state: JsonObject = this.#traits.differences(previous);
    for (const trait of Object.keys(previous)) {
      // A page keeps every trait, so that it drops the value instead.
      if (!Object.hasOwn(this.#sent, trait)) state[trait] = null;
    }
    for (const trait of this.#stale) {
      if (Object.hasOwn(this.#sent, trait)) {
        state[trait] = this.#sent[trait as keyof T];
      }
    }
    this.#patchLists(state, previous);
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
    const state = { ...this.#sent, ...this.#nextHeartbeat() };
    for (const list of Object.keys(this.#traits.sliding)) {
      this.#sendWhole(list, state);
    }
    this.#send(state);
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

  /** Replaces the long sliding lists in `state` with patches to those in
   * `previous`, unless a page may have another list. */
  #patchLists(state: JsonObject, previous: T): void {
    for (
      const list of Object.keys(this.#traits.sliding) as (keyof T & string)[]
    ) {
      if (!Object.hasOwn(state, list)) continue;
      const after = this.#slidingList(list, this.#sent);
      const start = startOfChange(this.#slidingList(list, previous), after);
      const isShort = after.items.length <= SHORT_LIST;
      if (isShort || start === after.first || this.#stale.has(list)) {
        this.#sendWhole(list, state);
        continue;
      }
      delete state[list];
      const items = after.items.slice(start - after.first);
      const sequence = this.#nextSequence(list);
      state[patchOf(list)] = { sequence, start, items } satisfies ListPatch;
    }
  }

  /** Puts a list into a state, and which patches it replaces. */
  #sendWhole(list: string, state: JsonObject): void {
    this.#putList(list, state, () => this.#nextSequence(list));
  }

  /** Puts the newest items of a list into a state; the others follow. Without
   * patches, and complete, it needs no sequence number. */
  #putList(list: string, state: JsonObject, sequence: () => number): void {
    const { first, items } = this.#slidingList(list, this.#sent);
    const isShort = items.length <= SHORT_LIST;
    const tail = isShort ? items : tailOf(items);
    const start = first + items.length;
    state[list] = tail;
    if (tail !== items) this.#backfill.start(list, start - tail.length);
    else if (!this.#sequences.has(list)) return;
    state[patchOf(list)] = {
      sequence: sequence(),
      start,
      items: [],
      whole: true,
    } satisfies ListPatch;
  }

  #nextSequence(list: string): number {
    const sequence = (this.#sequences.get(list) ?? 0) + 1;
    this.#sequences.set(list, sequence);
    return sequence;
  }

  /** Returns a list, which is empty if it was not or is no longer a trait. */
  #slidingList(list: string, traits: T): SlidingList {
    const first = this.#traits.sliding[list as keyof T & string];
    if (first === undefined || !Object.hasOwn(traits, list)) {
      return { items: [], first: 0 };
    }
    return {
      items: traits[list as keyof T] as readonly unknown[],
      first: traits[first] as number,
    };
  }
}

function patchOf(list: string): string {
  return `${list}_patch`;
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
