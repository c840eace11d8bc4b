import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { deadline, delay } from "@std/async";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT, TaskError, VENV_BIN, venvProgram } from "./project.ts";

const START_MS = 60_000;
const STOP_MS = 10_000;

const DELIMITER = Deno.build.os === "windows" ? ";" : ":";

/** JupyterLab, Notebook 7, or a server without a front end. */
export type JupyterApp = "lab" | "notebook" | "server";

/** Options of {@linkcode startJupyter}. */
export interface JupyterOptions {
  /** What to start. Default: "lab". */
  app?: JupyterApp;
  /** The folder that it serves. Default: the project's. */
  folder?: string;
  /** The folder of its settings, log and runtime files. */
  stateFolder: string;
  /** Whether it opens the user's browser. Default: false. */
  browser?: boolean;
  /** The notebook to open there. */
  notebook?: string;
  /** A folder of Jupyter data that takes precedence over the environment's. */
  dataFolder?: string;
  /** The port to listen on. Default: a free one. */
  port?: number;
  /** The secret that grants access. Default: a new one. */
  token?: string;
  /** The host to run on. Default: this machine, for itself only. */
  host?: Host;
  /** More arguments for the server. */
  args?: readonly string[];
}

/** Where a program runs. */
export interface Host {
  /** The address to listen on. */
  readonly address: string;
  /** The command that runs the command after it on the host. */
  readonly command: readonly string[];
}

/** Where a running Jupyter server is. */
export interface JupyterAddress {
  /** Address, with a slash at the end. */
  readonly url: string;
  /** Secret that grants access. */
  readonly token: string;
  readonly app: JupyterApp;
  /** Folder of its settings, log and runtime files. */
  readonly stateFolder: string;
}

/** A Jupyter server that this program has started. */
export interface JupyterServer extends JupyterAddress, AsyncDisposable {
  /** Resolves when it has exited, for any reason. */
  readonly exited: Promise<void>;
  /** Stops it and its kernels. */
  stop(): Promise<void>;
}

/**
 * Starts Jupyter from the Python environment, isolated from the user's own
 * Jupyter settings, and waits until it responds.
 *
 * @throws {TaskError} If it exits or does not respond; quotes its log.
 */
export async function startJupyter(
  options: JupyterOptions,
): Promise<JupyterServer> {
  const { stateFolder, app = "lab" } = options;
  const runtime = join(stateFolder, "runtime");
  // A server that was killed leaves a file with its outdated address.
  await removeIfExists(runtime);
  await ensureDir(runtime);
  const logFile = join(stateFolder, "jupyter.log");
  const { token = crypto.randomUUID() } = options;
  const child = launch(options, { logFile, token, runtime });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await deadline(exited, STOP_MS).catch(() => {
      child.kill("SIGKILL");
      return exited;
    });
  };
  try {
    const url = await waitForServer(
      join(runtime, `jpserver-${child.pid}.json`),
      exited,
    );
    return {
      url,
      token,
      app,
      stateFolder,
      exited,
      stop,
      [Symbol.asyncDispose]: stop,
    };
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
  const { host = { address: "127.0.0.1", command: [] }, args = [] } = options;
  const log = openSync(logFile, "w");
  try {
    const [program, ...first] = [
      ...host.command,
      venvProgram(`jupyter-${app}`),
    ];
    return spawn(program, [
      ...first,
      ...options.notebook ? [options.notebook] : [],
      ...options.browser ? [] : ["--no-browser"],
      `--ServerApp.root_dir=${folder}`,
      `--ServerApp.ip=${host.address}`,
      `--ServerApp.port=${port}`,
      // By default, Jupyter leaves a folder beside every notebook.
      `--FileCheckpoints.checkpoint_dir=${join(stateFolder, "checkpoints")}`,
      "--MultiKernelManager.default_kernel_name=deno",
      // Jupyter refuses to run as root without it.
      "--ServerApp.allow_root=True",
      ...args,
    ], {
      cwd: folder,
      // Its own session, so that Ctrl-C reaches this program only. It then shuts
      // Jupyter down, which would otherwise prompt for confirmation.
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

/** Waits for the file with the server's address, and for a response from it. */
async function waitForServer(
  infoFile: string,
  exited: Promise<void>,
): Promise<string> {
  let running = true;
  exited.then(() => running = false);
  const timeout = performance.now() + START_MS;
  while (performance.now() < timeout) {
    if (!running) throw new TaskError("Cannot start Jupyter: it has exited");
    const url = await readServerUrl(infoFile);
    if (url && await responds(url)) return url;
    await delay(100);
  }
  throw new TaskError(
    `Cannot start Jupyter: no response within ${START_MS / 1000} s`,
  );
}

async function readServerUrl(infoFile: string): Promise<string | null> {
  try {
    return JSON.parse(await Deno.readTextFile(infoFile)).url;
  } catch {
    // Missing, or only half written yet.
    return null;
  }
}

async function responds(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("api", url));
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function removeIfExists(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
