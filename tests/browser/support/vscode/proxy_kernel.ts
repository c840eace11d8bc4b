import { type Kernel, ServerConnection } from "@jupyterlab/services";
import { KernelConnection } from "@jupyterlab/services/lib/kernel/default.js";
import type { KernelOptions, SocketData, ToPage } from "./post_office.ts";

/** The kernel connection of VS Code's page: a real one, whose WebSocket is the
 * extension. It has the members of that connection that widgets use. */
export class ProxyKernel {
  readonly realKernel: Kernel.IKernelConnection;
  #socket!: ProxySocket;

  /** @param send Sends a message through the extension. */
  constructor(options: KernelOptions, send: (data: SocketData) => void) {
    const { protocol, clientId, username, model } = options;
    const opened = (socket: ProxySocket) => {
      socket.protocol = protocol;
      socket.forward = send;
      this.#socket = socket;
    };
    const serverSettings = ServerConnection.makeSettings({
      WebSocket: class extends ProxySocket {
        constructor() {
          super();
          opened(this);
        }
      } as unknown as typeof WebSocket,
      wsUrl: "ws://vscode.invalid",
    });
    const kernel = new KernelConnection({
      serverSettings,
      clientId,
      username,
      model,
      handleComms: true,
    });
    this.realKernel = kernel;
    // A new connection waits for this reply before it sends anything else.
    const { requestKernelInfo } = kernel;
    kernel.requestKernelInfo = () => Promise.resolve(undefined);
    this.#socket.onopen?.();
    kernel.requestKernelInfo = requestKernelInfo;
  }

  /** Handles a message of the extension. */
  receive(message: Extract<ToPage, { type: "received" | "mirror" }>): void {
    if (message.type === "received") {
      this.#socket.onmessage?.({ data: message.data });
      return;
    }
    // The request replaces the page's own if that is where it comes from.
    const { request } = message;
    this.#socket.forwards = false;
    this.realKernel.sendShellMessage(request, false, request.content.silent);
    this.#socket.forwards = true;
  }

  get id(): string {
    return this.realKernel.id;
  }

  get clientId(): string {
    return this.realKernel.clientId;
  }

  get username(): string {
    return this.realKernel.username;
  }

  get handleComms(): boolean {
    return this.realKernel.handleComms;
  }

  get isDisposed(): boolean {
    return this.realKernel.isDisposed;
  }

  get status(): Kernel.Status {
    return this.realKernel.status;
  }

  get connectionStatus(): Kernel.ConnectionStatus {
    return this.realKernel.connectionStatus;
  }

  get statusChanged(): Kernel.IKernelConnection["statusChanged"] {
    return this.realKernel.statusChanged;
  }

  get connectionStatusChanged(): Kernel.IKernelConnection[
    "connectionStatusChanged"
  ] {
    return this.realKernel.connectionStatusChanged;
  }

  get iopubMessage(): Kernel.IKernelConnection["iopubMessage"] {
    return this.realKernel.iopubMessage;
  }

  get anyMessage(): Kernel.IKernelConnection["anyMessage"] {
    return this.realKernel.anyMessage;
  }

  get disposed(): Kernel.IKernelConnection["disposed"] {
    return this.realKernel.disposed;
  }

  readonly requestExecute: Kernel.IKernelConnection["requestExecute"] = (
    ...args
  ) => this.realKernel.requestExecute(...args);

  readonly sendShellMessage: Kernel.IKernelConnection["sendShellMessage"] = (
    ...args
  ) => this.realKernel.sendShellMessage(...args);

  readonly requestCommInfo: Kernel.IKernelConnection["requestCommInfo"] = (
    ...args
  ) => this.realKernel.requestCommInfo(...args);

  readonly createComm: Kernel.IKernelConnection["createComm"] = (...args) =>
    this.realKernel.createComm(...args);

  readonly registerCommTarget: Kernel.IKernelConnection["registerCommTarget"] =
    (...args) => this.realKernel.registerCommTarget(...args);

  readonly removeCommTarget: Kernel.IKernelConnection["removeCommTarget"] = (
    ...args
  ) => this.realKernel.removeCommTarget(...args);

  dispose(): void {
    this.realKernel.dispose();
  }
}

/** What a kernel connection uses as a WebSocket. */
class ProxySocket {
  protocol = "";
  binaryType = "arraybuffer";
  /** Whether messages leave the page. */
  forwards = true;
  forward = (_: SocketData) => {};
  onopen?: () => void;
  onmessage?: (event: { data: SocketData }) => void;

  send(data: SocketData): void {
    if (this.forwards) this.forward(data);
  }

  close(): void {}
}
