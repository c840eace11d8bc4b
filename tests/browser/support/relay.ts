import { delay } from "@std/async";

/** Options of {@linkcode Relay}. */
export interface RelayOptions {
  /** The address that it listens on, and where the server is. Default: this
   * machine's own. */
  hostname?: string;
}

/** Forwards connections to a server and fails as networks do. */
export class Relay implements AsyncDisposable {
  /** How long data takes in each direction, in ms. */
  latency = 0;
  readonly #listener: Deno.TcpListener;
  readonly #target: Deno.ConnectOptions;
  readonly #connections = new Set<Connection>();
  readonly #served: Promise<void>;
  #state: "up" | "cut" | "silent" = "up";

  /** @param port The server's port. */
  constructor(port: number, { hostname = "127.0.0.1" }: RelayOptions = {}) {
    this.#target = { hostname, port };
    this.#listener = Deno.listen({ hostname, port: 0 });
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
      const server = await Deno.connect(this.#target);
      const connection = new Connection(client, server, () => this.latency);
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
  readonly #latency: () => number;
  #held = Promise.resolve();
  #release = () => {};

  constructor(client: Deno.Conn, server: Deno.Conn, latency: () => number) {
    this.#ends = [client, server];
    this.#latency = latency;
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
    let forwarded = Promise.resolve();
    const forward = async (data: Uint8Array, arrival: Promise<void>) => {
      await arrival;
      await this.#held;
      for (let sent = 0; sent < data.length;) {
        sent += await to.write(data.subarray(sent));
      }
    };
    try {
      for await (const data of chunks(from)) {
        const latency = this.#latency();
        const arrival = latency > 0 ? delay(latency) : Promise.resolve();
        const before = forwarded;
        forwarded = before.then(() => forward(data, arrival));
        // Data on its way does not keep more from being sent.
        if (latency > 0) forwarded.catch(() => this.close());
        else await forwarded;
      }
      await forwarded;
    } finally {
      this.close();
    }
  }
}

async function* chunks(from: Deno.Conn): AsyncIterable<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (let size; (size = await from.read(buffer)) !== null;) {
    yield buffer.slice(0, size);
  }
}
