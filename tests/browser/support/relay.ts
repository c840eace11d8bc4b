/** Forwards connections to a server and fails as networks do. */
export class Relay implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #connections = new Set<Connection>();
  readonly #served: Promise<void>;
  #state: "up" | "cut" | "silent" = "up";

  /** @param target The server's port on this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#served = this.#serve();
  }

  /** The port where the browser reaches the server. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Closes all connections, and new ones at once. */
  cut(): void {
    this.#state = "cut";
    for (const connection of this.#connections) connection.close();
  }

  /** Holds all data back without closing a connection. */
  silence(): void {
    this.#state = "silent";
    for (const connection of this.#connections) connection.hold();
  }

  /** Forwards everything again, including what was held back. */
  restore(): void {
    this.#state = "up";
    for (const connection of this.#connections) connection.release();
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
      const connection = new Connection(client, server);
      this.#connections.add(connection);
      connection.closed.then(() => this.#connections.delete(connection));
      if (this.#state === "cut") connection.close();
      if (this.#state === "silent") connection.hold();
    }
  }
}

/** A forwarded connection. */
class Connection {
  readonly closed: Promise<unknown>;
  readonly #ends: Deno.Conn[];
  #held = Promise.resolve();
  #release = () => {};

  constructor(client: Deno.Conn, server: Deno.Conn) {
    this.#ends = [client, server];
    this.closed = Promise.allSettled([
      this.#forward(client, server),
      this.#forward(server, client),
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
        // It is closed already.
      }
    }
  }

  async #forward(from: Deno.Conn, to: Deno.Conn): Promise<void> {
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
