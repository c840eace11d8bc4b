/** Receives Linux's file-system events, on one descriptor for all who watch. */
import { openLibc } from "./libc.ts";
import { gated } from "./gate.ts";
import { ReasonError } from "./reading.ts";

/**
 * The C library's interface. `Deno.watchFs` would open each file that changes:
 * on a FIFO, or where a link leads to a file system that hangs, its thread then
 * waits with a lock held, and its next call blocks the kernel. It also compares
 * each event with every watch.
 */
const LIBC = {
  inotify_init1: { parameters: ["i32"], result: "i32" },
  inotify_add_watch: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  add_watch_elsewhere: {
    name: "inotify_add_watch",
    parameters: ["i32", "buffer", "u32"],
    result: "i32",
    nonblocking: true,
  },
  inotify_rm_watch: { parameters: ["i32", "i32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  poll: {
    parameters: ["buffer", "u64", "i32"],
    result: "i32",
    nonblocking: true,
  },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

// The flags and numbers are those of Linux: see inotify(7) and errno(3).
const NONBLOCK_CLOEXEC = 0o2004000;
const POLLIN = 1;
const ENOENT = 2, EACCES = 13, ENOTDIR = 20, EMFILE = 24, ENOSPC = 28;
const IN_MODIFY = 0x2, IN_ATTRIB = 0x4, IN_MOVE = 0xc0, IN_CREATE = 0x100;
const IN_DELETE = 0x200, IN_DELETE_SELF = 0x400, IN_MOVE_SELF = 0x800;
const IN_IGNORED = 0x8000, IN_DONT_FOLLOW = 0x2000000;
const IN_ONESHOT = 0x80000000;
const CHANGES = IN_MODIFY | IN_ATTRIB | IN_MOVE | IN_CREATE | IN_DELETE |
  IN_DELETE_SELF | IN_MOVE_SELF;

/** What an event is about if events were lost. */
const ALL_WATCHES = -1;

/** Bytes of an event without its name. */
const HEADER_BYTES = 16;

type Libc = Deno.DynamicLibrary<typeof LIBC>["symbols"];

/** An inotify instance: users may have few of them, often 128. */
export class Inotify {
  readonly #libc: Libc;
  readonly #events: number;
  /** Ends the wait for events when it is written to. */
  readonly #wake: number;
  readonly #listeners = new Map<number, Set<() => void>>();
  /** Watches with an event that arrived before their number was known. */
  readonly #early = new Set<number>();
  /** Number of watches that are being added. */
  #adding = 0;
  #isWaiting = true;
  #isClosed = false;
  readonly #buffer = new Uint8Array(65536);

  /** @throws {ReasonError} If this system has or permits no more. */
  constructor() {
    const libc = loadLibc();
    this.#libc = libc;
    this.#wake = libc.eventfd(0, NONBLOCK_CLOEXEC);
    if (this.#wake < 0) {
      throw new ReasonError(
        errno(libc) === EMFILE
          ? "this program has too many open files: raise its limit (ulimit -n)"
          : `the system reports error ${errno(libc)}`,
      );
    }
    this.#events = libc.inotify_init1(NONBLOCK_CLOEXEC);
    if (this.#events < 0) {
      const error = errno(libc);
      libc.close(this.#wake);
      throw new ReasonError(
        error === EMFILE
          ? "this user's inotify instances are exhausted: raise fs.inotify.max_user_instances"
          : `the system reports error ${error}`,
      );
    }
    this.#receiveAll();
  }

  /**
   * Watches for the next change to a file, a folder's direct contents or, if
   * links are not followed, the link itself.
   *
   * @param onChange Called once, possibly before this returns.
   * @returns The number of the watch, or null if there is no such file.
   * @throws {ReasonError} If it cannot be watched.
   */
  async watch(
    path: string,
    onChange: () => void,
    { follow }: { follow: boolean },
  ): Promise<number | null> {
    const name = new TextEncoder().encode(`${path}\0`);
    const mask = (CHANGES | IN_ONESHOT | (follow ? 0 : IN_DONT_FOLLOW)) >>> 0;
    const add = async () => {
      this.#adding++;
      let watch = await this.#libc.add_watch_elsewhere(
        this.#events,
        name,
        mask,
      );
      let error = 0;
      if (watch < 0 && !this.#isClosed) {
        // The error's number is only known on the thread of the call, and the
        // file system has just responded.
        watch = this.#libc.inotify_add_watch(this.#events, name, mask);
        error = errno(this.#libc);
      }
      this.#adding--;
      if (watch >= 0) this.#register(watch, onChange);
      if (this.#adding === 0) this.#early.clear();
      this.#releaseIfDone();
      return { watch, error };
    };
    const { watch, error } = await gated(
      path,
      add,
      (late) => this.unwatch(late.watch, onChange),
    );
    if (watch >= 0) return watch;
    if (error === ENOENT || error === ENOTDIR || this.#isClosed) return null;
    throw new ReasonError(
      error === ENOSPC
        ? "this user's inotify watches are exhausted: raise fs.inotify.max_user_watches"
        : error === EACCES
        ? `'${path}' may not be read: change its permissions`
        : `the system reports error ${error} for '${path}'`,
    );
  }

  /** Ends a watch, unless its change was reported. */
  unwatch(watch: number, onChange: () => void): void {
    const listeners = this.#listeners.get(watch);
    if (!listeners?.delete(onChange) || listeners.size > 0) return;
    this.#listeners.delete(watch);
    if (!this.#isClosed) this.#libc.inotify_rm_watch(this.#events, watch);
  }

  /** Reports the changes that have been made by now. */
  receive(): void {
    if (this.#isClosed) return;
    const { buffer, length } = this.#buffer;
    const size = this.#libc.read(this.#events, this.#buffer, BigInt(length));
    if (size > 0) this.#dispatch(new DataView(buffer, 0, Number(size)));
  }

  /** Ends all watches. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listeners.clear();
    const one = new Uint8Array(new BigUint64Array([1n]).buffer);
    this.#libc.write(this.#wake, one, BigInt(one.length));
  }

  /** Paths of one file share a watch. */
  #register(watch: number, onChange: () => void): void {
    if (this.#early.has(watch)) return onChange();
    const listeners = this.#listeners.get(watch) ?? new Set();
    this.#listeners.set(watch, listeners.add(onChange));
  }

  async #receiveAll(): Promise<void> {
    const fds = new Uint8Array(16);
    const view = new DataView(fds.buffer);
    for (const [i, fd] of [this.#events, this.#wake].entries()) {
      view.setInt32(8 * i, fd, true);
      view.setInt16(8 * i + 4, POLLIN, true);
    }
    while (!this.#isClosed) {
      await this.#libc.poll(fds, 2n, -1);
      this.receive();
    }
    this.#isWaiting = false;
    this.#releaseIfDone();
  }

  #dispatch(events: DataView): void {
    for (let at = 0; at < events.byteLength;) {
      const watch = events.getInt32(at, true);
      const mask = events.getUint32(at + 4, true);
      at += HEADER_BYTES + events.getUint32(at + 12, true);
      if (watch === ALL_WATCHES) {
        for (const known of [...this.#listeners.keys()]) this.#report(known);
      } else if (this.#listeners.has(watch)) {
        this.#report(watch);
      } else if (this.#adding > 0 && !(mask & IN_IGNORED)) {
        this.#early.add(watch);
      }
    }
  }

  #report(watch: number): void {
    const listeners = this.#listeners.get(watch) ?? [];
    this.#listeners.delete(watch);
    for (const listener of listeners) listener();
  }

  /** A number of a descriptor that is in use must not be given to another file. */
  #releaseIfDone(): void {
    if (!this.#isClosed || this.#isWaiting || this.#adding > 0) return;
    this.#libc.close(this.#events);
    this.#libc.close(this.#wake);
  }
}

let libc: Libc | null = null;

function loadLibc(): Libc {
  if (Deno.build.os !== "linux") {
    throw new ReasonError("only Linux's file-system events are supported");
  }
  return libc ??= openLibc(LIBC);
}

function errno(libc: Libc): number {
  return new Deno.UnsafePointerView(libc.__errno_location()!).getInt32();
}
