import { join } from "@std/path";
import { startJupyter } from "./jupyter.ts";
import { say, VENV } from "./project.ts";
import { ensurePython } from "./python.ts";

/**
 * Runs JupyterLab until it is closed or this program is interrupted. The
 * argument `--no-browser` prints the address and opens nothing.
 *
 * @param notebook A notebook of the project to open first.
 */
export async function serveLab(notebook?: string): Promise<void> {
  await ensurePython();
  const interrupted = interruption();
  say("Starting JupyterLab …");
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
  console.log(`JupyterLab is at ${address}\nCtrl-C ends it.`);
  await Promise.race([jupyter.ended, interrupted]);
  say("Ending JupyterLab …");
}

/** Resolves when this program is asked to end, and keeps it from just dying. */
function interruption(): Promise<void> {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  return new Promise((resolve) => {
    for (const signal of signals) Deno.addSignalListener(signal, resolve);
  });
}
