/** The process of a directory, started as its files say. */
import { readCwd } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { readConfig } from "../directory/state_file.ts";
import { findRunning } from "./stop.ts";
import { startSupervised } from "./supervisor_client.ts";

/**
 * Starts the process of a directory. The caller holds the directory's lock.
 *
 * @returns Its pid.
 * @throws {Error} If it is running already, or cannot be started. The message
 * is the clause after "as" in "Cannot start 'x' as …".
 */
export async function launch(dir: string, name: string): Promise<number> {
  if (Deno.build.os === "windows") {
    throw new ReasonError(
      "Windows has no sessions and signals: run it on Linux or macOS",
    );
  }
  const running = await findRunning(dir);
  if (running !== null) {
    throw new ReasonError(
      `it is already running as process ${running.pid}: terminate it before, or restart it`,
    );
  }
  const config = await readConfig(dir);
  if (!config?.cmd?.length) {
    throw new ReasonError("its config.json has no 'cmd': run it anew");
  }
  return await startSupervised({
    name,
    dir,
    cmd: config.cmd,
    cwd: await readCwd(dir) ?? Deno.cwd(),
    env: { ...Deno.env.toObject(), ...config.env },
    ttlSeconds: config.ttlSeconds,
  });
}
