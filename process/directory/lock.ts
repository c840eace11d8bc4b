/** One at a time in a process directory, among all kernels of the machine. */
import { delay } from "@std/async";
import { join } from "@std/path";

/** The file that is locked. It is empty, and stays when the lock is let go. */
const LOCK_FILE = "start.lock";

/** How long to wait for another one to let go, in milliseconds. */
const PATIENCE = 10_000;

/** How long to wait before trying again, in milliseconds. */
const RETRY = 10;

/** Another kernel, or another call in this one, is at work in the directory. */
export class Occupied extends Error {
  /** The name of the error. */
  override name = "Occupied";
}

/**
 * Holds a process directory for oneself until disposed of; waits up to 10 s for
 * another one to let go of it.
 *
 * The lock is the operating system's (`flock`), which lets go of it when its
 * holder dies: one that crashed never stands in the way.
 *
 * @param dir The process directory.
 * @returns The lock, or null when there is no such directory.
 * @throws {Occupied} If another one holds on to it.
 */
export async function lockDir(dir: string): Promise<Disposable | null> {
  const path = join(dir, LOCK_FILE);
  for (const giveUp = performance.now() + PATIENCE;;) {
    const file = await openLock(path);
    if (file === null) return null;
    try {
      // Whoever held it before may have removed the directory with the file,
      // and another one may stand in its place.
      if (await file.tryLock(true) && await isAt(file, path)) {
        return { [Symbol.dispose]: () => file.close() };
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    if (performance.now() > giveUp) {
      throw new Occupied(`another kernel has held '${path}' for 10 s`);
    }
    await delay(RETRY);
  }
}

async function openLock(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path, { write: true, create: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const held = await file.stat();
  try {
    const found = await Deno.stat(path);
    return found.dev === held.dev && found.ino === held.ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
