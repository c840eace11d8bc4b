import { join } from "@std/path";
import { ProcessManager } from "../manager.ts";
import { progress, ROOT, TaskError } from "./project.ts";

/** The base folder of the demo, which its notebook uses as well. */
const DIR = join(ROOT, ".demo");

/**
 * Starts the server that the demo notebook watches. Disposing of the result stops
 * and removes all processes of the demo.
 */
export async function startDemoProcess(): Promise<AsyncDisposable> {
  const manager = new ProcessManager({ dir: DIR });
  // An interrupted run may have left processes behind.
  await manager.removeAll();
  progress("Starting the demo process …");
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
