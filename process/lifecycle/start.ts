import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { startSupervised } from "./supervisor_client.ts";

/**
 * Starts the process of a directory as its config specifies.
 *
 * @throws {Error} If it is already running or cannot be started. The message is
 * the clause after "as" in "Cannot start 'x' as …".
 */
export async function startProcess(directory: ProcessDirectory): Promise<void> {
  using lock = await directory.lock();
  if (lock === null) {
    throw new ReasonError("its directory was removed: run it anew");
  }
  await startLocked(directory);
}

/** Does the same for a caller that holds the directory's lock. */
export async function startLocked(directory: ProcessDirectory): Promise<void> {
  if (Deno.build.os === "windows") {
    throw new ReasonError(
      "Windows has no sessions and signals: run it on Linux or macOS",
    );
  }
  const running = await directory.findRunning();
  if (running !== null) {
    throw new ReasonError(
      `it is already running as process ${running.pid}: terminate it first, or restart it`,
    );
  }
  const config = await directory.readConfig();
  if (!config?.cmd?.length) {
    throw new ReasonError("its config.json has no 'cmd': run it anew");
  }
  await startSupervised({
    name: directory.name,
    dir: directory.path,
    cmd: config.cmd,
    cwd: await directory.readCwd() ?? Deno.cwd(),
    env: { ...Deno.env.toObject(), ...config.env },
    ttlSeconds: config.ttlSeconds,
  });
}
