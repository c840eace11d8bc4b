/** A reader of README.md, who runs its code blocks in a new home folder. */
import { delay } from "@std/async";
import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import { type JupyterServer, startJupyter } from "../../.tasks/jupyter.ts";
import { pack } from "../../.tasks/pack.ts";
import { VENV_BIN } from "../../.tasks/project.ts";
import { ProcessManager } from "../../manager.ts";
import { TempDir, until } from "../files/support.ts";
import { serveNpm } from "../kernel/npm_registry.ts";
import { TestKernel } from "../kernel/support.ts";
import type { CodeBlock } from "./blocks.ts";

/** Text that replaces text of the code blocks which reaches outside of the test. */
export type StandIns = Readonly<Record<string, string>>;

/** A server that a command has started. */
export interface StartedServer {
  /** The address that it prints. */
  readonly address: URL;
  /** Stops it with everything that the command has started. */
  stop(): Promise<void>;
}

/** What a server prints when it has started. */
const SERVER_ADDRESS = /http:\/\/(localhost|127\.0\.0\.1):\d+\/\S*/;

export class Reader implements AsyncDisposable {
  /** The folder of the notebooks. */
  readonly folder: string;
  /** The reader's home folder. */
  readonly home: string;
  readonly #env: Record<string, string>;
  readonly #standIns: StandIns;
  readonly #cleanUp: AsyncDisposableStack;
  #server: JupyterServer | null = null;
  #logs = 0;

  private constructor(
    dir: TempDir,
    env: Record<string, string>,
    standIns: StandIns,
    cleanUp: AsyncDisposableStack,
  ) {
    this.folder = dir.file("notebooks");
    this.home = dir.file("home");
    this.#env = env;
    this.#standIns = standIns;
    this.#cleanUp = cleanUp;
  }

  /**
   * Packs the package and serves it as npm's registry would.
   *
   * @param bin The folders of the programs that the reader has installed.
   */
  static async start(
    { standIns = {}, bin = VENV_BIN }: { standIns?: StandIns; bin?: string },
  ): Promise<Reader> {
    await using stack = new AsyncDisposableStack();
    const dir = stack.use(new TempDir());
    const home = dir.file("home");
    await ensureDir(dir.file("notebooks"));
    await ensureDir(join(home, ".jupyter"));
    // Opens no browser window, and starts as root, too.
    const settings = { open_browser: false, allow_root: true };
    await dir.writeJson("home/.jupyter/jupyter_server_config.json", {
      ServerApp: settings,
    });
    const registry = stack.use(await serveNpm(await pack(dir.file("dist"))));
    const env = {
      HOME: home,
      PATH: `${bin}:${Deno.env.get("PATH")}`,
      DENO_DIR: dir.file("cache"),
      // No program asks for newer versions of itself.
      DENO_NO_UPDATE_CHECK: "1",
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      XDG_DATA_HOME: join(home, ".local", "share"),
      // The package is served from this machine, as it was just built.
      NPM_CONFIG_REGISTRY: registry.url,
    };
    for (
      const base of [
        join(home, ".process-widget"),
        dir.file("notebooks/workers"),
      ]
    ) {
      stack.defer(() =>
        new ProcessManager({ dir: base }).removeAll({ graceMs: 100 })
      );
    }
    return new Reader(dir, env, standIns, stack.move());
  }

  /** Does what a block of shell commands, settings or a file asks for. */
  async follow({ language, file, code }: CodeBlock): Promise<void> {
    code = this.replace(code);
    if (language === "json") JSON.parse(code);
    if (file === "kernel.json") {
      await Deno.writeTextFile(this.#kernelFile, code);
    } else if (file) await Deno.writeTextFile(join(this.folder, file), code);
    else if (language === "sh") await this.#runCommands(code);
    else if (language !== "json") {
      throw new Error(`Cannot follow a block of '${language}'`);
    }
  }

  /** Replaces what reaches outside of the test. */
  replace(code: string): string {
    for (const [text, standIn] of Object.entries(this.#standIns)) {
      code = code.replaceAll(text, standIn);
    }
    return code;
  }

  /** Lets every user of this machine write to the folder of the notebooks. */
  async makeWritable(): Promise<void> {
    await Deno.chmod(dirname(this.folder), 0o755);
    await Deno.chmod(this.folder, 0o777);
  }

  /** Starts a kernel as the reader has installed it. */
  async startKernel(): Promise<TestKernel> {
    const spec = JSON.parse(await Deno.readTextFile(this.#kernelFile));
    const text = JSON.stringify({ ...spec, env: this.#env });
    await Deno.writeTextFile(this.#kernelFile, text);
    this.#server ??= await this.#startServer();
    return await TestKernel.start({ server: this.#server });
  }

  get #dataFolder(): string {
    return join(this.home, ".local", "share", "jupyter");
  }

  get #kernelFile(): string {
    return join(this.#dataFolder, "kernels", "deno", "kernel.json");
  }

  async #startServer(): Promise<JupyterServer> {
    const stateFolder = await Deno.makeTempDir({ prefix: "test-jupyter-" });
    this.#cleanUp.defer(() => Deno.remove(stateFolder, { recursive: true }));
    return this.#cleanUp.use(
      await startJupyter({
        app: "server",
        folder: this.folder,
        dataFolder: this.#dataFolder,
        stateFolder,
      }),
    );
  }

  /** Runs shell commands; a server that they start is then stopped. */
  async #runCommands(code: string): Promise<void> {
    const server = await this.serve(code);
    await server?.stop();
  }

  /**
   * Runs shell commands until they have ended or started a server.
   *
   * @throws {Error} If they fail; quotes their output.
   */
  async serve(code: string): Promise<StartedServer | null> {
    const log = join(this.home, `commands-${++this.#logs}.log`);
    const child = new Deno.Command("setsid", {
      args: ["sh", "-e", "-c", `exec > "$0" 2>&1\n${code}`, log],
      cwd: this.folder,
      env: this.#env,
      stdin: "null",
    }).spawn();
    let ended = false;
    const status = child.status.finally(() => ended = true);
    const output = () => Deno.readTextFile(log).catch(() => "");
    const address = async () => (await output()).match(SERVER_ADDRESS)?.[0];
    await until(async () => ended || await address() !== undefined, 300_000);
    if (ended) {
      if ((await status).success) return null;
      throw new Error(`${code}\n${await output()}`);
    }
    return {
      address: new URL((await address())!),
      stop: async () => {
        // A server that has just started may miss a signal.
        while (terminateGroup(child.pid)) await delay(200);
        await status;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** Signals a process group; returns false if nothing of it is left. */
function terminateGroup(id: number): boolean {
  try {
    Deno.kill(-id, "SIGTERM");
    return true;
  } catch {
    return false;
  }
}
