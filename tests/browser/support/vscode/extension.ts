/** The side of VS Code's Jupyter extension that runs outside of the page. */

import {
  type Kernel,
  KernelAPI,
  type KernelMessage,
  ServerConnection,
} from "@jupyterlab/services";
import { KernelConnection } from "@jupyterlab/services/lib/kernel/default.js";
import type { SocketData, ToExtension, ToPage } from "./post_office.ts";

/** A server that requires a token. */
export interface Server {
  readonly url: string;
  readonly token: string;
}

type IOPubMessage = KernelMessage.IIOPubMessage;

/**
 * Runs cells, and lets a page use the same kernel connection: forwards what the
 * kernel sends to the page and what the page sends to the kernel, and mirrors
 * each execute request to the page before the kernel gets it.
 */
export class Extension {
  readonly #port: MessagePort;
  readonly #settings: ServerConnection.ISettings;
  readonly #mirrored = new Map<string, () => void>();
  #kernel!: Kernel.IKernelConnection;
  #protocol = "";
  #wasConnected = false;

  constructor(port: MessagePort, { url, token }: Server) {
    this.#port = port;
    this.#settings = ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace("http", "ws"),
      token,
      appendToken: true,
      WebSocket: this.#mirroringSocket(),
    });
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** Starts the kernel. */
  async start(): Promise<void> {
    const serverSettings = this.#settings;
    const model = await KernelAPI.startNew({ name: "deno" }, serverSettings);
    this.#kernel = new KernelConnection({ model, serverSettings });
    this.#kernel.registerCommTarget("jupyter.widget", () => {});
  }

  /** Restarts the kernel, and connects the page to the new one. */
  async restart(): Promise<void> {
    await this.#kernel.restart();
  }

  /** Shuts the kernel down. */
  async shutdown(): Promise<void> {
    await this.#kernel.shutdown();
  }

  /**
   * Runs a cell. A cell gets all output that is a reply to its request, whenever
   * it arrives, and no other.
   */
  async run(
    code: string,
    onOutput: (message: IOPubMessage) => void,
  ): Promise<void> {
    const future = this.#kernel.requestExecute({
      code,
      silent: false,
      store_history: true,
      allow_stdin: true,
      stop_on_error: false,
    }, false);
    const { msg_id: id } = future.msg.header;
    this.#kernel.iopubMessage.connect((_, message) => {
      const parent = message.parent_header as { msg_id?: string };
      if (parent.msg_id === id) onOutput(message);
    });
    await future.done;
  }

  #receive(message: ToExtension): void {
    if (message.type === "mirrored") {
      this.#mirrored.get(message.id)?.();
      this.#mirrored.delete(message.id);
    } else {
      const sent = this.#deserialize(message.data);
      this.#kernel.sendShellMessage(sent as KernelMessage.IShellMessage);
    }
  }

  #deserialize(data: SocketData): KernelMessage.IMessage {
    return this.#settings.serializer.deserialize(
      data as ArrayBuffer,
      this.#protocol,
    );
  }

  #post(message: ToPage): void {
    this.#port.postMessage(message);
  }

  #connected(protocol: string): void {
    this.#protocol = protocol;
    if (this.#wasConnected) this.#post({ type: "restart" });
    this.#wasConnected = true;
    const { clientId, username, model } = this.#kernel;
    const options = { clientId, username, model, protocol };
    this.#post({ type: "kernel", options });
  }

  /** Resolves when the page knows what is about to be sent. */
  async #mirror(data: SocketData): Promise<void> {
    const message = this.#deserialize(data);
    if (message.header.msg_type !== "execute_request") return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = crypto.randomUUID();
    this.#mirrored.set(id, resolve);
    const request = message as KernelMessage.IExecuteRequestMsg;
    this.#post({ type: "mirror", id, request });
    await promise;
  }

  #mirroringSocket(): typeof WebSocket {
    const connected = (protocol: string) => this.#connected(protocol);
    const forward = (data: SocketData) =>
      this.#post({ type: "received", data });
    const mirror = (data: SocketData) => this.#mirror(data);
    return class extends WebSocket {
      #sent = Promise.resolve();

      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener("open", () => connected(this.protocol));
        this.addEventListener("message", ({ data }) => forward(data));
      }

      override send(data: SocketData): void {
        this.#sent = this.#sent.then(() => mirror(data))
          .then(() => super.send(data));
      }
    };
  }
}
