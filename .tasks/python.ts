import { join } from "@std/path";
import { capture, ROOT, say, TaskError, VENV, venvProgram } from "./project.ts";

/** Written last: an environment without it was broken off half way. */
const STAMP = join(VENV, "installed-requirements.txt");

/**
 * Makes sure that `.venv` holds what `requirements.txt` names, and a Deno
 * kernel that runs the Deno of this environment.
 */
export async function ensurePython(): Promise<void> {
  const requirements = await Deno.readTextFile(join(ROOT, "requirements.txt"));
  const installed = await readIfThere(STAMP);
  if (installed !== requirements) {
    if (installed === null) {
      say("Creating the Python environment in .venv …");
      await capture(await findPython(), ["-m", "venv", "--clear", VENV]);
    }
    say("Installing JupyterLab, anywidget and Deno into .venv (a minute) …");
    await pipInstall("--requirement", "requirements.txt");
    await Deno.writeTextFile(STAMP, requirements);
  }
  await installKernel();
  await quietenJupyterLab();
}

/** Runs `pip install` of the environment. */
export async function pipInstall(...args: string[]): Promise<void> {
  const quiet = ["--quiet", "--disable-pip-version-check"];
  const install = ["-m", "pip", "install", ...quiet, ...args];
  await capture(venvProgram("python"), install);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    try {
      await capture(name, ["-c", "import venv, ensurepip"]);
      return name;
    } catch {
      // Not there, or without venv: try the next name.
    }
  }
  throw new TaskError(
    "Cannot find a Python 3 with pip and venv: install one " +
      "(Debian: apt install python3-venv python3-pip)",
  );
}

/** The kernelspec names the environment's Deno, which an update of the Deno
 * that runs this task does not take away. */
async function installKernel(): Promise<void> {
  const folder = join(VENV, "share", "jupyter", "kernels", "deno");
  await Deno.mkdir(folder, { recursive: true });
  await writeJson(join(folder, "kernel.json"), {
    argv: [
      venvProgram("deno"),
      "jupyter",
      "--kernel",
      "--conn",
      "{connection_file}",
    ],
    display_name: "Deno",
    language: "typescript",
    // By default an interrupt is a SIGINT, which ends a Deno kernel.
    interrupt_mode: "message",
  });
}

/** JupyterLab would ask for news and newer versions over the network. */
async function quietenJupyterLab(): Promise<void> {
  const folder = join(VENV, "share", "jupyter", "lab", "settings");
  await Deno.mkdir(folder, { recursive: true });
  await writeJson(join(folder, "overrides.json"), {
    "@jupyterlab/apputils-extension:notification": {
      fetchNews: "false",
      checkForUpdates: false,
    },
  });
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}
