import {
  type Kernel,
  KernelManager,
  ServerConnection,
} from "@jupyterlab/services";
import { join } from "@std/path";
import {
  type JupyterAddress,
  type JupyterOptions,
  type JupyterServer,
  startJupyter,
} from "../../.tasks/jupyter.ts";
import { ROOT } from "../../.tasks/project.ts";
import { borrowServer } from "../../.tasks/shared_jupyter.ts";

/** A message that the kernel sent to all its front ends. */
export interface Message {
  /** When it came, in milliseconds on the monotonic clock. */
  readonly at: number;
  /** When the kernel sent it, in epoch milliseconds. */
  readonly sentAt: number;
  readonly type: string;
  // deno-lint-ignore no-explicit-any -- whatever a test expects to be in there
  readonly content: any;
  // deno-lint-ignore no-explicit-any
  readonly metadata: any;
}

/** Options of {@linkcode TestKernel.start}: for a new server, or a running one. */
export type KernelOptions =
  | Pick<JupyterOptions, "folder" | "dataFolder">
  | { server: JupyterAddress };

/** A Deno kernel behind a Jupyter server, and everything that it said. */
export class TestKernel implements AsyncDisposable {
  readonly messages: Message[] = [];
  readonly #kernel: Kernel.IKernelConnection;
  readonly #cleanUp: AsyncDisposableStack;

  private constructor(
    kernel: Kernel.IKernelConnection,
    cleanUp: AsyncDisposableStack,
  ) {
    this.#kernel = kernel;
    this.#cleanUp = cleanUp;
    kernel.iopubMessage.connect((_, message) => {
      this.messages.push({
        at: performance.now(),
        sentAt: Date.parse(message.header.date),
        type: message.header.msg_type,
        content: message.content,
        metadata: message.metadata,
      });
    });
  }

  /**
   * Starts a kernel in the project's folder, and a server unless one is shared.
   * With options, uses the given server or starts one of its own.
   */
  static async start(options?: KernelOptions): Promise<TestKernel> {
    await using stack = new AsyncDisposableStack();
    const shared = options ? null : await borrowServer(stack, "server");
    const server = options && "server" in options
      ? options.server
      : shared ?? await startServer(stack, options);
    const manager = new KernelManager({
      serverSettings: ServerConnection.makeSettings({
        baseUrl: server.url,
        wsUrl: server.url.replace("http", "ws"),
        token: server.token,
        appendToken: true,
      }),
    });
    stack.defer(() => manager.dispose());
    // Comms are plain messages here: the test is the front end.
    const kernel = await manager.startNew({ name: "deno" }, {
      handleComms: false,
    });
    stack.defer(async () => {
      await kernel.shutdown();
      kernel.dispose();
    });
    return new TestKernel(kernel, stack.move());
  }

  /** Runs a cell, and throws if it does. `mod.ts` is there as `pw`. */
  async run(code: string): Promise<void> {
    const url = JSON.stringify(join(ROOT, "mod.ts"));
    await this.runCell(`var pw = await import(${url});\n${code}`);
  }

  /** Runs a cell, and throws if it does. */
  async runCell(code: string): Promise<void> {
    const future = this.#kernel.requestExecute({ code });
    const reply = await future.done;
    if (reply.content.status !== "ok") {
      throw new Error(`The cell failed: ${JSON.stringify(reply.content)}`);
    }
  }

  /** The messages of these types. */
  of(...types: string[]): Message[] {
    return this.messages.filter(({ type }) => types.includes(type));
  }

  /** All messages of widgets. */
  get comms(): Message[] {
    return this.of("comm_open", "comm_msg", "comm_close");
  }

  /** The connection, for what only a test of the kernel itself needs. */
  get connection(): Kernel.IKernelConnection {
    return this.#kernel;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

async function startServer(
  stack: AsyncDisposableStack,
  options: Pick<JupyterOptions, "folder" | "dataFolder"> = {},
): Promise<JupyterServer> {
  const stateFolder = await Deno.makeTempDir({ prefix: "test-jupyter-" });
  stack.defer(() => Deno.remove(stateFolder, { recursive: true }));
  return stack.use(
    await startJupyter({ ...options, app: "server", stateFolder }),
  );
}

/** Waits until `find` finds something, and returns it. */
export async function waitFor<T>(
  what: string,
  find: () => T | undefined | false | null,
  ms = 10_000,
): Promise<T> {
  const giveUp = performance.now() + ms;
  while (performance.now() < giveUp) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited ${ms} ms in vain for ${what}`);
}
