import { fromFileUrl } from "@std/path";
import type { Host } from "../../../.tasks/jupyter.ts";
import { ROOT } from "../../../.tasks/project.ts";
import { TextLineStream } from "../../../process/files/text_line_stream.ts";

const PROGRAM = fromFileUrl(new URL("relay_program.ts", import.meta.url));

/**
 * A relay that runs on the host of the server, so that it is behind the network
 * for the client. It adds latency, which not every Linux kernel can.
 */
export class RemoteRelay implements AsyncDisposable {
  /** Where it listens on the host. */
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(port: number, child: Deno.ChildProcess) {
    this.port = port;
    this.#child = child;
    this.#input = child.stdin.getWriter();
  }

  /** Starts a relay to a port of this host. */
  static async start(host: Host, port: number): Promise<RemoteRelay> {
    const [command, ...args] = [
      ...host.command,
      ...[Deno.execPath(), "run", "-A", PROGRAM, host.address, String(port)],
    ];
    const child = new Deno.Command(command, {
      args,
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) return new RemoteRelay(Number(line), child);
    throw new Error("Cannot start a relay: it exited");
  }

  /** Sets how long data takes in each direction, in ms. */
  async setLatency(ms: number): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${ms}\n`));
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#child.status;
  }
}
