import { assert, assertEquals, assertMatch } from "@std/assert";
import { codeFor, type MessageBody } from "../../jupyter/protocol.ts";
import { TestKernel, waitFor } from "./support.ts";

let ids = 0;

/** Sends a message as a page does; returns the kernel's reply. */
async function send(
  kernel: TestKernel,
  message: MessageBody,
  id = `message-${++ids}`,
): Promise<string> {
  const { content } = await kernel.connection.requestExecute({
    code: codeFor({ ...message, id }),
    silent: true,
    store_history: false,
  }).done;
  if (content.status === "ok") return "ok";
  const { ename, evalue } = content as { ename: string; evalue: string };
  return `${ename}: ${evalue}`;
}

/** Shows a counter `w` in a cell; returns the id of its model. */
async function show(kernel: TestKernel): Promise<string> {
  await kernel.run(`
    var received = [];
    var w = new pw.AnyWidget({
      id: "counter",
      esm: "export default { render() {} }",
      traits: { count: 0, text: "", total: 0 },
      writable: ["count", "text"],
      checks: { count(value) {
        if (Number.isInteger(value)) return value;
        throw new TypeError("Cannot count to " + Deno.inspect(value));
      } },
    });
    w.on("msg:custom", (content) => received.push(content));
    await w.display();
    undefined`);
  const open = await waitFor("the widget", () => kernel.of("comm_open").at(-1));
  return open.content.comm_id;
}

/** Evaluates an expression in the kernel. */
async function evaluate(kernel: TestKernel, code: string): Promise<unknown> {
  const before = kernel.of("stream").length;
  await kernel.run(`console.log("=" + JSON.stringify(${code}))`);
  const { content } = await waitFor(
    "the value",
    () =>
      kernel.of("stream").slice(before).find(({ content }) =>
        content.text.startsWith("=")
      ),
  );
  return JSON.parse(content.text.slice(1));
}

Deno.test("The uplink of a kernel", async (t) => {
  await using kernel = await TestKernel.start();
  const to = await show(kernel);

  await t.step("sets traits and sends them to all pages", async () => {
    const before = kernel.comms.length;
    const update = { to, method: "update", state: { count: 7 } } as const;
    assertEquals(await send(kernel, update), "ok");
    assertEquals(await evaluate(kernel, "w.get('count')"), 7);
    await waitFor("the update", () => kernel.comms.length > before);
    assertEquals(
      kernel.comms.slice(before).map(({ content }) => content.data.state),
      [{ count: 7 }],
    );
  });

  await t.step("delivers messages", async () => {
    const content = { press: ["a", 1, null] };
    await send(kernel, { to, method: "custom", content });
    assertEquals(await evaluate(kernel, "received"), [content]);
  });

  await t.step(
    "handles a message once, however often it is received",
    async () => {
      await kernel.run("received.length = 0");
      const message = { to, method: "custom", content: "once" } as const;
      for (let i = 0; i < 3; i++) {
        assertEquals(await send(kernel, message, "same"), "ok");
      }
      assertEquals(await evaluate(kernel, "received"), ["once"]);
      // The page may have lost the refusal, so it is repeated.
      const refused = { to, method: "update", state: { total: 1 } } as const;
      for (let i = 0; i < 2; i++) {
        assertMatch(
          await send(kernel, refused, "refused"),
          /^Refused:.*'total'/,
        );
      }
    },
  );

  await t.step(
    "refuses with a reason and sends the current values",
    async () => {
      const before = kernel.comms.length;
      const refusals: [MessageBody, RegExp][] = [
        [{ to, method: "update", state: { total: 1 } }, /^Refused:.*'total'/],
        [
          { to, method: "update", state: { __proto__x: 1 } },
          /^Refused:.*'__proto__x'/,
        ],
        [
          { to, method: "update", state: { count: "many" } },
          /^TypeError: Cannot count to "many"/,
        ],
        [
          { to: "nobody", method: "custom", content: 1 },
          /^WidgetGone: The widget does not exist/,
        ],
        [{ to, method: "explode" } as unknown as MessageBody, /^Refused:/],
        [
          { to, method: "update", state: [] } as unknown as MessageBody,
          /^Refused:/,
        ],
      ];
      for (const [message, reason] of refusals) {
        assertMatch(await send(kernel, message), reason);
      }
      assertEquals(await evaluate(kernel, "w.all()"), {
        count: 7,
        text: "",
        total: 0,
      });
      await waitFor("the updates", () => kernel.comms.length >= before + 2);
      const [first, second] = kernel.comms.slice(before);
      assertEquals(first.content.data.state, { total: 0 });
      assertEquals(second.content.data.state, { count: 7 });
    },
  );

  await t.step("treats hostile text as text", async () => {
    const hostile = [
      `"); globalThis.pwned = 1; ("`,
      "`${globalThis.pwned = 1}`",
      "'); globalThis.pwned = 1; ('",
      '\\"); globalThis.pwned = 1; //',
      "</script><script>globalThis.pwned = 1</script>",
      "\u2028\u2029globalThis.pwned = 1\r\n",
      "\0\ud800 /** @jsx pwned */ // @ts-ignore",
      `")\n;globalThis.pwned = 1;${'"\\`$'.repeat(250_000)}`,
    ];
    for (const text of hostile) {
      const state = { text };
      assertEquals(await send(kernel, { to, method: "update", state }), "ok");
      assertEquals(
        await evaluate(kernel, `[w.get("text").length, globalThis.pwned]`),
        [text.length, null],
      );
      // Also as the name of a widget, a method, a trait or a message.
      await send(kernel, { to: text, method: "custom", content: 1 }, text);
      await send(kernel, { to, method: "update", state: { [text]: 1 } });
      await send(kernel, { to, method: text } as unknown as MessageBody);
    }
    assertEquals(await evaluate(kernel, "globalThis.pwned ?? 'safe'"), "safe");
  });

  await t.step("consumes no execution count and shows nothing", async () => {
    await send(kernel, { to, method: "update", state: { count: 1 } });
    const counts = () =>
      kernel.of("execute_input").map(({ content }) => content.execution_count);
    const before = counts().at(-1)!;
    const shown = kernel.of("execute_result", "display_data", "stream").length;
    await send(kernel, { to, method: "update", state: { count: 2 } });
    await kernel.run("undefined");
    await waitFor("the cell", () => counts().at(-1) === before + 1);
    assertEquals(
      kernel.of("execute_result", "display_data", "stream").length,
      shown,
    );
  });

  await t.step("counts views by page", async () => {
    const views = (page: string, views: number) =>
      send(kernel, { to, method: "views", page, views });
    await views("one", 2);
    await views("two", 1);
    assertEquals(await evaluate(kernel, "w.views"), 3);
    await send(kernel, { method: "leave", page: "one" });
    assertEquals(await evaluate(kernel, "w.views"), 1);
    await views("two", 0);
    assertEquals(await evaluate(kernel, "w.views"), 0);
  });

  await t.step("sends probes until a page restores its models", async () => {
    const opened = await waitFor(
      "a probe",
      () =>
        kernel.of("comm_open").find(({ content }) =>
          content.data.state.models?.includes(to)
        ),
    );
    const { probe, models } = opened.content.data.state;
    const before = kernel.comms.length;
    await send(kernel, {
      method: "restore",
      page: "three",
      probe,
      missing: models,
    });
    const reply = await waitFor(
      "the models",
      () =>
        kernel.comms.slice(before).find(({ content }) =>
          content.comm_id === probe
        ),
    );
    const state = reply.content.data.content.states[to];
    assertEquals(state._model_name, "AnyModel");
    assertEquals(state.count, 2);
    const probes = () => kernel.of("comm_open").length;
    const sent = probes();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert(probes() <= sent + 1, "probing ends");
  });

  await t.step("sends one probe for all who report a newcomer", async () => {
    const probes = () =>
      kernel.of("comm_open").filter(({ content }) =>
        content.data.state.models?.includes(to)
      ).length;
    const before = probes();
    await Promise.all([1, 2].map(() => send(kernel, { method: "newcomer" })));
    await waitFor("the probe", () => probes() > before);
    await kernel.run(
      "await new Promise((resolve) => setTimeout(resolve, 200))",
    );
    assertEquals(probes(), before + 1);
  });

  await t.step("reports that a closed widget is gone", async () => {
    await kernel.run("w.close()");
    assertMatch(
      await send(kernel, { to, method: "update", state: { count: 1 } }),
      /^WidgetGone: /,
    );
  });
});
