import { join } from "@std/path";
import {
  capture,
  progress,
  ROOT,
  task,
  TaskError,
  VENV,
  venvProgram,
} from "./project.ts";

/** Written last, so that an incomplete environment does not have it. */
const STAMP = join(VENV, "installed-requirements.txt");

let installed: Promise<void> | undefined;

/**
 * Installs `requirements.txt` into `.venv` unless it is up to date, and a Deno
 * kernel that runs the environment's own Deno.
 */
export function ensurePython(): Promise<void> {
  return installed ??= installPython();
}

async function installPython(): Promise<void> {
  const requirements = await Deno.readTextFile(join(ROOT, "requirements.txt"));
  const current = await readIfExists(STAMP);
  if (current !== requirements) {
    if (current === null) {
      progress("Creating the Python environment in .venv …");
      await capture(await findPython(), ["-m", "venv", "--clear", VENV]);
    }
    progress(
      "Installing JupyterLab, anywidget and Deno into .venv (a minute) …",
    );
    await pipInstall("--requirement", "requirements.txt");
    await Deno.writeTextFile(STAMP, requirements);
  }
  await installKernel();
  await disableNews();
}

/** Runs the environment's `pip install`. */
export async function pipInstall(...args: string[]): Promise<void> {
  const quiet = ["--quiet", "--disable-pip-version-check"];
  const install = ["-m", "pip", "install", ...quiet, ...args];
  await capture(venvProgram("python"), install);
}

/** Reads a text file; returns null if there is none. */
export async function readIfExists(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Returns the command of a Python 3 with pip and venv.
 *
 * @throws {TaskError} If there is none.
 */
export async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    try {
      await capture(name, ["-c", "import venv, ensurepip"]);
      return name;
    } catch {
      // Missing, or without venv: try the next name.
    }
  }
  throw new TaskError(
    "Cannot find a Python 3 with pip and venv: install one " +
      "(Debian: apt install python3-venv python3-pip)",
  );
}

/**
 * Writes a kernelspec that names the environment's Deno, which stays in place when
 * the Deno that runs this task is updated.
 */
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
    // The default, SIGINT, kills a Deno kernel.
    interrupt_mode: "message",
  });
}

/** Keeps JupyterLab from fetching news and checking for updates. */
async function disableNews(): Promise<void> {
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

if (import.meta.main) await task(ensurePython);
