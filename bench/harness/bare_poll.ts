/** The least that a poll can do: look at five files, and read one of `/proc`. */
import { ProcessDirectory } from "../../process/directory/process_directory.ts";

/** Returns a function that does this for one process directory, in parallel. */
export function barePoll(dir: string, pid: number): () => Promise<unknown> {
  const files = filesOf(dir);
  return () =>
    Promise.all([
      ...files.map((file) => Deno.stat(file)),
      Deno.readTextFile(`/proc/${pid}/stat`),
    ]);
}

/** Does the same synchronously, which would block the kernel on a file system
 * that hangs. */
export function blockingPoll(dir: string, pid: number): () => Promise<void> {
  const files = filesOf(dir);
  return () => {
    for (const file of files) Deno.statSync(file);
    Deno.readTextFileSync(`/proc/${pid}/stat`);
    return Promise.resolve();
  };
}

function filesOf(dir: string): string[] {
  const directory = new ProcessDirectory(dir);
  const { configFile, stateFile, healthFile, stdoutLog, stderrLog } = directory;
  return [configFile, stateFile, healthFile, stdoutLog, stderrLog];
}
