import type { OlderItems } from "./protocol.ts";

/** Size of the newest items, which are sent at once (256 KiB). They fill the view,
 * and take a page a few milliseconds. */
const TAIL_SIZE = 256 * 1024;

/** Size of a chunk of older items (512 KiB). */
const CHUNK_SIZE = 512 * 1024;

/** What an item takes besides its text, so that chunks of empty ones end, too. */
const ITEM_SIZE = 16;

/** When the first chunk is sent, in milliseconds: a page that lacks the model has
 * created it by then. */
const START_MS = 500;

/** The pause between two chunks, in milliseconds, for other messages and cells. */
const PAUSE_MS = 25;

/** Consecutively numbered items. */
export interface SlidingList {
  readonly items: readonly unknown[];
  /** The number of the first item. */
  readonly first: number;
}

/** Calls a function after some milliseconds; returns how to cancel that. */
export type Schedule = (fn: () => void, ms: number) => () => void;

/** What a {@linkcode Backfill} reads from and writes to. */
export interface BackfillOptions {
  /** Returns a list as pages know it. */
  readonly read: (list: string) => SlidingList;
  /** Sends older items of a list; returns whether more can be sent. */
  readonly send: (list: string, older: OlderItems) => boolean;
  /** Default: a timer that does not keep the program running. */
  readonly schedule?: Schedule;
}

/**
 * Sends the older items of long lists in chunks, from the newest to the oldest,
 * so that neither the kernel nor a page is busy with one message for long.
 *
 * Items keep their number and only the last one changes, which is never in a
 * chunk. So chunks are right in any order, and pages ignore what they have.
 */
export class Backfill {
  readonly #read: BackfillOptions["read"];
  readonly #send: BackfillOptions["send"];
  /** The numbers from which on items were sent, by list. */
  readonly #sent = new Map<string, number>();
  readonly #schedule: Schedule;
  #cancel = () => {};

  /** Creates a backfill that has nothing to send. */
  constructor({ read, send, schedule = setTimer }: BackfillOptions) {
    this.#read = read;
    this.#send = send;
    this.#schedule = schedule;
  }

  /** Sends the items before number `from`, instead of what is left of the list. */
  start(list: string, from: number): void {
    this.#sent.set(list, from);
    this.#sendAfter(START_MS);
  }

  #sendAfter(delay: number): void {
    this.#cancel();
    this.#cancel = this.#schedule(() => this.#sendChunk(), delay);
  }

  #sendChunk(): void {
    for (const [list, end] of this.#sent) {
      const { first, items } = this.#read(list);
      const older = items.slice(0, Math.max(0, end - first));
      const chunk = newestOf(older, CHUNK_SIZE);
      const start = Math.max(first, end - chunk.length);
      // The last chunk is empty: it shows a page that lost others what it lacks.
      if (chunk.length === 0) this.#sent.delete(list);
      else this.#sent.set(list, start);
      if (this.#send(list, { start, items: chunk })) this.#sendAfter(PAUSE_MS);
      return;
    }
  }
}

/** Returns the newest items of a list, which are sent at once. */
export function tailOf(items: readonly unknown[]): readonly unknown[] {
  return newestOf(items, TAIL_SIZE);
}

/** Returns the last items up to a size, but at least one: the list itself if it
 * is smaller. */
function newestOf(items: readonly unknown[], size: number): readonly unknown[] {
  let start = items.length;
  for (let left = size; start > 0 && left > 0; start--) {
    left -= sizeOf(items[start - 1]);
  }
  return start === 0 ? items : items.slice(start);
}

function setTimer(fn: () => void, ms: number): () => void {
  const timer = setTimeout(fn, ms);
  Deno.unrefTimer(timer);
  return () => clearTimeout(timer);
}

function sizeOf(item: unknown): number {
  const text = typeof item === "string" ? item : JSON.stringify(item);
  return text.length + ITEM_SIZE;
}
