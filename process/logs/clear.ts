import type { WatchedFiles } from "../source.ts";

/**
 * Empties the log files of a process. One that runs goes on writing to them, as
 * it appends. A file that is not there stays away.
 *
 * @throws {Error} If one cannot be written.
 */
export async function clearLogs(files: WatchedFiles): Promise<void> {
  for (const path of [files.stdout, files.stderr]) {
    if (path !== null) await empty(path);
  }
}

async function empty(path: string): Promise<void> {
  try {
    await Deno.truncate(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
