import { openLibc } from "../files/libc.ts";

/** The C library's interface: see pidfd_open(2) and poll(2). */
const LIBC = {
  syscall: { parameters: ["i64", "i32", "u32"], result: "i64" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The number of the call `pidfd_open`, the same on all architectures. */
const PIDFD_OPEN = 434n;

const POLLIN = 1;

/** Bytes of a `struct pollfd`: the descriptor, the events to report, and those
 * that occurred. */
const ENTRY_BYTES = 8;

type Libc = Deno.DynamicLibrary<typeof LIBC>["symbols"];

/**
 * Notices when processes exit, at the cost of one system call for all of them.
 *
 * Each is held by its own descriptor, so a later process with the same pid is
 * not mistaken for it.
 */
export class ExitWatch implements Disposable {
  readonly #libc: Libc | null = loadLibc();
  /** The descriptor of each process, by its pid. */
  readonly #descriptors = new Map<number, number>();
  /** The entries for `poll`, in the order of the map. */
  #entries: DataView<ArrayBuffer> | null = null;

  /**
   * Watches a process that is running now.
   *
   * @returns Whether its exit will be reported: no if it has exited already, where
   * the system does not support it, or too many files are open.
   */
  add(pid: number): boolean {
    if (this.#descriptors.has(pid)) return true;
    if (this.#libc === null) return false;
    const descriptor = Number(this.#libc.syscall(PIDFD_OPEN, pid, 0));
    if (descriptor < 0) return false;
    this.#descriptors.set(pid, descriptor);
    this.#entries = null;
    return true;
  }

  /** Stops watching a process. */
  remove(pid: number): void {
    const descriptor = this.#descriptors.get(pid);
    if (descriptor === undefined) return;
    this.#libc!.close(descriptor);
    this.#descriptors.delete(pid);
    this.#entries = null;
  }

  /** Returns the pids of the processes that have exited, and stops watching them. */
  takeExited(): readonly number[] {
    const count = this.#descriptors.size;
    if (count === 0) return [];
    const entries = this.#entries ??= entriesOf(this.#descriptors.values());
    const bytes = new Uint8Array(entries.buffer);
    if (this.#libc!.poll(bytes, BigInt(count), 0) <= 0) return [];
    const exited = [...this.#descriptors.keys()].filter((_, at) =>
      entries.getInt16(at * ENTRY_BYTES + 6, true) !== 0
    );
    for (const pid of exited) this.remove(pid);
    return exited;
  }

  /** Stops watching all processes. */
  close(): void {
    for (const pid of [...this.#descriptors.keys()]) this.remove(pid);
  }

  /** Does the same as {@linkcode ExitWatch.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function entriesOf(descriptors: Iterable<number>): DataView<ArrayBuffer> {
  const all = [...descriptors];
  const entries = new DataView(new ArrayBuffer(all.length * ENTRY_BYTES));
  for (const [at, descriptor] of all.entries()) {
    entries.setInt32(at * ENTRY_BYTES, descriptor, true);
    entries.setInt16(at * ENTRY_BYTES + 4, POLLIN, true);
  }
  return entries;
}

let libc: Libc | null | undefined;

/** Returns null where exits are not reported. */
function loadLibc(): Libc | null {
  if (libc !== undefined) return libc;
  try {
    return libc = Deno.build.os === "linux" ? openLibc(LIBC) : null;
  } catch {
    return libc = null;
  }
}
