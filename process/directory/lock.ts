import { delay } from "@std/async";
import { FILE_MODE } from "../files/atomic_write.ts";
import { closeFile, gated, gatedChange } from "../files/gate.ts";
import { orNull, statRegular } from "../files/regular_file.ts";

/** How long to wait for another holder of the lock, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How long to wait before the next attempt, in milliseconds. */
const RETRY_MS = 10;

/** The lock is held by another kernel, or by another call in this one. */
export class LockedError extends Error {
  /** The name of the error. */
  override name = "LockedError";
}

/**
 * Locks a file until the lock is disposed of; waits up to 10 s for another
 * holder to release it.
 *
 * The lock is the operating system's (`flock`), which releases it when its
 * holder dies: a crash never blocks others.
 *
 * @param path The lock file. It is created empty, and stays when unlocked.
 * @returns The lock, or null if the folder of the file does not exist.
 * @throws {LockedError} If another holder does not release it in time.
 */
export async function lockFile(path: string): Promise<Disposable | null> {
  for (const deadline = performance.now() + PATIENCE_MS;;) {
    const file = await openOrCreate(path);
    if (file === null) return null;
    try {
      // The previous holder may have removed the folder with the file, and
      // another file may have replaced it.
      const isLocked = await gatedChange(path, () => file.tryLock(true));
      if (isLocked && await isAt(file, path)) {
        return { [Symbol.dispose]: () => closeFile(path, file) };
      }
    } catch (error) {
      closeFile(path, file);
      throw error;
    }
    closeFile(path, file);
    if (performance.now() > deadline) {
      throw new LockedError(`another kernel has held '${path}' for 10 s`);
    }
    await delay(RETRY_MS);
  }
}

async function openOrCreate(path: string): Promise<Deno.FsFile | null> {
  // Opening a FIFO would block.
  await statRegular(path);
  const options = { write: true, create: true, mode: FILE_MODE };
  return await orNull(gatedChange(
    path,
    () => Deno.open(path, options),
    (late) => closeFile(path, late),
  ));
}

async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const held = await gated(path, () => file.stat());
  const found = await orNull(gated(path, () => Deno.stat(path)));
  return found !== null && found.dev === held.dev && found.ino === held.ino;
}
