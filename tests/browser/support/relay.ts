/** A line between a browser and a server that can fail as networks do. */
export class Relay implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #lines = new Set<Line>();
  readonly #served: Promise<void>;
  #state: "up" | "cut" | "silent" = "up";

  /** @param target The port of the server, on this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#served = this.#serve();
  }

  /** Where the browser finds the server. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Ends all connections, and refuses new ones. */
  cut(): void {
    this.#state = "cut";
    for (const line of this.#lines) line.close();
  }

  /** Lets nothing through, and tells nobody. */
  silence(): void {
    this.#state = "silent";
    for (const line of this.#lines) line.hold();
  }

  /** Lets everything through again, also what was held back. */
  restore(): void {
    this.#state = "up";
    for (const line of this.#lines) line.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#served;
  }

  async #serve(): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({
        hostname: "127.0.0.1",
        port: this.#target,
      });
      const line = new Line(client, server);
      this.#lines.add(line);
      line.ended.then(() => this.#lines.delete(line));
      if (this.#state === "cut") line.close();
      if (this.#state === "silent") line.hold();
    }
  }
}

/** One connection, in both directions. */
class Line {
  readonly ended: Promise<unknown>;
  readonly #ends: Deno.Conn[];
  #held = Promise.resolve();
  #release = () => {};

  constructor(client: Deno.Conn, server: Deno.Conn) {
    this.#ends = [client, server];
    this.ended = Promise.allSettled([
      this.#pass(client, server),
      this.#pass(server, client),
    ]);
  }

  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    [this.#held, this.#release] = [promise, resolve];
  }

  release(): void {
    this.#release();
  }

  close(): void {
    this.#release();
    for (const end of this.#ends) {
      try {
        end.close();
      } catch {
        // It has closed itself.
      }
    }
  }

  async #pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let size; (size = await from.read(buffer)) !== null;) {
        await this.#held;
        for (let sent = 0; sent < size;) {
          sent += await to.write(buffer.subarray(sent, size));
        }
      }
    } finally {
      this.close();
    }
  }
}
