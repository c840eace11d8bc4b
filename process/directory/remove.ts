/** The directory of a process that was ended, removed. */
import { lockDir } from "./lock.ts";
import { removeDir } from "./process_directory.ts";

/**
 * Removes a process directory in which nothing runs any more. Does nothing when
 * there is none.
 *
 * @param isRunning Whether the process runs now.
 * @throws {Error} If it runs again, or the directory cannot be removed.
 */
export async function removeStopped(
  dir: string,
  name: string,
  isRunning: () => Promise<boolean>,
): Promise<void> {
  // Held, so that nobody starts it while its directory goes.
  using lock = await lockDir(dir);
  if (lock === null) return;
  if (await isRunning()) {
    throw new Error(
      `Cannot remove '${name}' as another kernel has just started it: remove it again`,
    );
  }
  await removeDir(dir);
}
