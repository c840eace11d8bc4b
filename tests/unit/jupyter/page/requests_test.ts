import { assertEquals } from "@std/assert";
import type {
  ExecuteReply,
  Kernel,
  KernelOutput,
} from "../../../../jupyter/page/page.ts";
import { Requests } from "../../../../jupyter/page/requests.ts";
import { codeFor, newId } from "../../../../jupyter/protocol.ts";

const UPLINK = codeFor({ id: newId(), method: "leave", page: newId() });

/** A kernel whose messages arrive in the order in which a test sends them. */
class FakeKernel implements Kernel {
  /** The prints that each cell shows. */
  readonly shown: Record<string, string[]> = {};
  readonly _futures = new Map<string, unknown>();
  readonly #listeners: ((sender: unknown, message: KernelOutput) => void)[] =
    [];
  #requests = 0;

  readonly iopubMessage = {
    connect: (listener: (sender: unknown, message: KernelOutput) => void) =>
      this.#listeners.push(listener) > 0,
    disconnect: () => true,
  };

  requestExecute() {
    const msg = { header: { msg_id: `uplink ${++this.#requests}` } };
    return { msg, done: new Promise<ExecuteReply>(() => {}) };
  }

  /** Sends the request of a cell, as JupyterLab does. */
  requestCell(id: string): void {
    const prints: string[] = this.shown[id] = [];
    this._futures.set(id, {
      msg: {
        header: { msg_id: id, msg_type: "execute_request" },
        content: { silent: false },
      },
      handleMsg: ({ content }: { content: { text: string } }) =>
        prints.push(content.text),
    });
  }

  /** Begins to handle a request. */
  input(request: string): void {
    const code = request.startsWith("uplink") ? UPLINK : "";
    this.#emit("execute_input", request, { code });
  }

  print(text: string, request: string): void {
    this.#emit("stream", request, { text });
  }

  #emit(msg_type: string, msg_id: string, content: object): void {
    const message = {
      header: { msg_type },
      parent_header: { msg_id },
      content,
    };
    for (const listener of this.#listeners) listener(this, message);
  }
}

/** Connects the uplink to a kernel whose only cell has run. */
function connect() {
  const kernel = new FakeKernel();
  kernel.requestCell("cell 1");
  const requests = new Requests(kernel);
  const send = () => void requests.execute(UPLINK);
  return { kernel, send };
}

Deno.test("output in reply to the uplink is shown by the latest cell", () => {
  const { kernel, send } = connect();
  send();
  kernel.input("uplink 1");
  kernel.print("one", "uplink 1");
  kernel.requestCell("cell 2");
  kernel.input("cell 2");
  send();
  kernel.input("uplink 2");
  kernel.print("two", "uplink 2");
  assertEquals(kernel.shown, { "cell 1": ["one"], "cell 2": ["two"] });
});

Deno.test("output is shown that arrives before the input of its request", () => {
  const { kernel, send } = connect();
  send();
  kernel.print("one", "uplink 1");
  kernel.input("uplink 1");
  assertEquals(kernel.shown, { "cell 1": ["one"] });
});

Deno.test("output is shown that arrives after the input of the next request", () => {
  const { kernel, send } = connect();
  send();
  kernel.input("uplink 1");
  send();
  kernel.input("uplink 2");
  kernel.print("one", "uplink 1");
  kernel.print("two", "uplink 2");
  assertEquals(kernel.shown, { "cell 1": ["one", "two"] });
});

Deno.test("output that arrives after the input of the next cell stays with its own", () => {
  const { kernel, send } = connect();
  send();
  kernel.input("uplink 1");
  kernel.requestCell("cell 2");
  kernel.input("cell 2");
  kernel.print("one", "uplink 1");
  assertEquals(kernel.shown, { "cell 1": ["one"], "cell 2": [] });
});

Deno.test("output in reply to the uplink of another page is shown", () => {
  const { kernel } = connect();
  kernel.input("uplink of another page");
  kernel.input("uplink of a third page");
  kernel.print("one", "uplink of another page");
  assertEquals(kernel.shown, { "cell 1": ["one"] });
});

Deno.test("output in reply to a cell is left to JupyterLab", () => {
  const { kernel, send } = connect();
  kernel.input("cell 1");
  send();
  kernel.input("uplink 1");
  kernel.print("one", "cell 1");
  assertEquals(kernel.shown, { "cell 1": [] });
});
