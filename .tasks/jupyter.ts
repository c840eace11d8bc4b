import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { deadline, delay } from "@std/async";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT, TaskError, VENV_BIN, venvProgram } from "./project.ts";

const START_MS = 60_000;
const STOP_MS = 10_000;

const DELIMITER = Deno.build.os === "windows" ? ";" : ":";

/** Options of {@linkcode startJupyter}. */
export interface JupyterOptions {
  /** "lab" or "notebook" for the front ends, "server" for the API alone. */
  app?: "lab" | "notebook" | "server";
  /** The folder that it serves. Default: the project's. */
  folder?: string;
  /** Where it keeps its settings, its log and what it has running. */
  stateFolder: string;
  /** Whether it opens in the person's browser. Default: false. */
  browser?: boolean;
  /** The notebook that is opened there. */
  notebook?: string;
  /** A folder of Jupyter data that comes before the environment's own. */
  dataFolder?: string;
  /** Where it listens. Default: a port that is free. */
  port?: number;
  /** The secret that it asks for. Default: a new one. */
  token?: string;
}

/** A Jupyter server that this program has started. */
export interface JupyterServer extends AsyncDisposable {
  /** Its address, with a slash at the end. */
  readonly url: string;
  /** The secret that it asks for. */
  readonly token: string;
  /** Where it writes what it does. */
  readonly logFile: string;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  /** Ends it and its kernels. */
  stop(): Promise<void>;
}

/**
 * Starts Jupyter from the Python environment, apart from the person's own
 * Jupyter settings, and waits until it answers.
 */
export async function startJupyter(
  options: JupyterOptions,
): Promise<JupyterServer> {
  const { stateFolder } = options;
  const runtime = join(stateFolder, "runtime");
  // Left by a server that was killed, it would name the wrong address.
  await removeIfThere(runtime);
  await ensureDir(runtime);
  const logFile = join(stateFolder, "jupyter.log");
  const { token = crypto.randomUUID() } = options;
  const child = launch(options, { logFile, token, runtime });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await deadline(ended, STOP_MS).catch(() => {
      child.kill("SIGKILL");
      return ended;
    });
  };
  try {
    const url = await waitForServer(
      join(runtime, `jpserver-${child.pid}.json`),
      ended,
    );
    return { url, token, logFile, ended, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    if (!(error instanceof TaskError)) throw error;
    const log = await Deno.readTextFile(logFile);
    throw new TaskError(`${error.message}\n${log.slice(-3000)}`);
  }
}

function launch(
  options: JupyterOptions,
  { logFile, token, runtime }: {
    logFile: string;
    token: string;
    runtime: string;
  },
): ChildProcess {
  const { stateFolder, folder = ROOT, app = "lab", port = 0 } = options;
  const log = openSync(logFile, "w");
  try {
    return spawn(venvProgram(`jupyter-${app}`), [
      ...options.notebook ? [options.notebook] : [],
      ...options.browser ? [] : ["--no-browser"],
      `--ServerApp.root_dir=${folder}`,
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.port=${port}`,
      // Else it would leave a folder beside every notebook.
      `--FileCheckpoints.checkpoint_dir=${join(stateFolder, "checkpoints")}`,
      "--MultiKernelManager.default_kernel_name=deno",
      // Root has to say that it means it; nobody else is asked.
      "--ServerApp.allow_root=True",
    ], {
      cwd: folder,
      // In a session of its own: Ctrl-C then reaches this program alone, which
      // ends Jupyter in good order instead of Jupyter asking on the terminal.
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        ...Deno.env.toObject(),
        PATH: `${VENV_BIN}${DELIMITER}${Deno.env.get("PATH")}`,
        JUPYTER_TOKEN: token,
        JUPYTER_PREFER_ENV_PATH: "1",
        JUPYTER_PATH: options.dataFolder ?? "",
        JUPYTER_CONFIG_DIR: join(stateFolder, "config"),
        JUPYTER_DATA_DIR: join(stateFolder, "data"),
        JUPYTER_RUNTIME_DIR: runtime,
        JUPYTERLAB_SETTINGS_DIR: join(stateFolder, "lab", "settings"),
        JUPYTERLAB_WORKSPACES_DIR: join(stateFolder, "lab", "workspaces"),
      },
    });
  } finally {
    closeSync(log);
  }
}

/** Waits for the file in which the server says where it is, and for an answer. */
async function waitForServer(
  infoFile: string,
  ended: Promise<void>,
): Promise<string> {
  let over = false;
  ended.then(() => over = true);
  const giveUp = performance.now() + START_MS;
  while (performance.now() < giveUp) {
    if (over) throw new TaskError("Cannot start Jupyter: it ended at once");
    const url = await readServerUrl(infoFile);
    if (url && await answers(url)) return url;
    await delay(100);
  }
  throw new TaskError(
    `Cannot start Jupyter: no answer within ${START_MS / 1000} s`,
  );
}

async function readServerUrl(infoFile: string): Promise<string | null> {
  try {
    return JSON.parse(await Deno.readTextFile(infoFile)).url;
  } catch {
    // Not there yet, or half written.
    return null;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("api", url));
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
