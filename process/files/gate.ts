/** The gate that all file system calls on paths of users pass. */
import { type Location, Mounts } from "./mounts.ts";
import { type CallOptions, Slots } from "./slots.ts";

/**
 * How long a change may take, in milliseconds. A change that was given up may
 * still be made later, so it gets more time than a read, which is repeated.
 */
const CHANGE_MS = 10_000;

/** How long removing a folder with its contents may take, in milliseconds. */
const REMOVE_MS = 60_000;

const slots: Slots = new Slots((path) => mounts.relocate(path));
const mounts: Mounts = new Mounts(slots);

/**
 * Makes a file system call on a path, such as `Deno.stat`.
 *
 * A file system that hangs keeps no other call from being made: only a few calls
 * are made at a time, and one that is not answered is given up after 2 s. It
 * counts as responding again as soon as it answers.
 *
 * @param path The absolute path that the call is about.
 * @param onLate Receives the result of a call that was given up.
 * @throws {UnresponsiveError} If the file system does not respond.
 */
export function gated<T>(
  path: string,
  call: () => Promise<T>,
  onLate?: (value: T) => void,
): Promise<T> {
  return pass(path, call, { onLate });
}

/** Does the same for a call that changes what is at the path. */
export function gatedChange<T>(
  path: string,
  call: () => Promise<T>,
  onLate?: (value: T) => void,
): Promise<T> {
  return pass(path, call, { onLate, patienceMs: CHANGE_MS });
}

/** Does the same for removing a folder with its contents. */
export function gatedRemoval(
  path: string,
  call: () => Promise<void>,
): Promise<void> {
  return pass(path, call, { patienceMs: REMOVE_MS });
}

/** Returns the mount on which a path lies, and the path without links. */
export function locate(path: string): Promise<Location> {
  return mounts.locate(path);
}

/**
 * Returns whether closing a file that is now at this path may block: closing it
 * asks a FUSE file system.
 */
export function closingBlocks(path: string): boolean {
  const mount = mounts.known(path);
  return mount === null || mount.type.startsWith("fuse");
}

/**
 * Closes a file. Where that may block this thread, it is done as soon as another
 * call was answered; the file system may still stop responding between the two.
 *
 * @param path The path at which it was opened.
 */
export function closeFile(
  path: string,
  file: Deno.FsFile,
  blocks: boolean = closingBlocks(path),
): void {
  if (!blocks) return file.close();
  // Unlike that of `stat`, its answer is never cached.
  pass(path, () => file.syncData(), { patienceMs: Infinity })
    .catch(() => {})
    .then(() => file.close());
}

function pass<T>(
  path: string,
  call: () => Promise<T>,
  options: CallOptions<T>,
): Promise<T> {
  const mount = mounts.known(path);
  if (mount !== null) return slots.run(mount, path, call, options);
  return mounts.locate(path).then(({ mount }) =>
    slots.run(mount, path, call, options)
  );
}
