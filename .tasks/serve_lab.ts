import { join } from "@std/path";
import { startJupyter } from "./jupyter.ts";
import { progress, VENV } from "./project.ts";
import { ensurePython } from "./python.ts";

/**
 * Runs JupyterLab until it exits or this program is interrupted. With the
 * argument `--no-browser` it prints its address and opens no browser.
 *
 * @param notebook A notebook of the project to open first.
 */
export async function serveLab(notebook?: string): Promise<void> {
  await ensurePython();
  const interrupted = waitForInterrupt();
  progress("Starting JupyterLab …");
  await using jupyter = await startJupyter({
    stateFolder: join(VENV, "jupyter"),
    browser: !Deno.args.includes("--no-browser"),
    notebook,
  });
  const address = new URL(
    notebook ? `lab/tree/${notebook}` : "lab",
    jupyter.url,
  );
  address.searchParams.set("token", jupyter.token);
  console.log(`JupyterLab is at ${address}\nPress Ctrl-C to stop it.`);
  await Promise.race([jupyter.exited, interrupted]);
  progress("Stopping JupyterLab …");
}

/** Resolves on a signal to stop, which then no longer kills this program. */
function waitForInterrupt(): Promise<void> {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  return new Promise((resolve) => {
    for (const signal of signals) Deno.addSignalListener(signal, resolve);
  });
}
