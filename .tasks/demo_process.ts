import { join } from "@std/path";
import { ProcessManager } from "../manager.ts";
import { ROOT, say, TaskError } from "./project.ts";

/** The base folder of the demo; the notebook starts its own processes here, too. */
const DIR = join(ROOT, ".demo");

/**
 * Starts the server that the demo notebook watches. Disposing of it ends and
 * removes everything that was started for the demo.
 */
export async function startDemoProcess(): Promise<AsyncDisposable> {
  const manager = new ProcessManager({ dir: DIR });
  // What a run that was broken off has left.
  await manager.removeAll();
  say("Starting the demo process …");
  try {
    await manager.run({
      name: "server",
      cmd: [Deno.execPath(), "run", "-A", join(DIR, "server.ts")],
      overwrite: true,
    });
  } catch (error) {
    throw new TaskError(error instanceof Error ? error.message : `${error}`);
  }
  return { [Symbol.asyncDispose]: () => manager.removeAll() };
}
