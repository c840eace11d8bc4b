import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { capture, ROOT, venvProgram } from "../../.tasks/project.ts";
import { type Message, TestKernel, waitFor } from "./support.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";
const OUTPUTS = ["execute_result", "display_data", "stream", "error"];

/** Runs a cell; returns what it sent before it became idle, but its updates. */
async function run(kernel: TestKernel, code: string): Promise<Message[]> {
  const inputs = kernel.of("execute_input").length;
  await kernel.run(code);
  const isIdle = ({ type, content }: Message) =>
    type === "status" && content.execution_state === "idle";
  const sent = () => {
    const input = kernel.of("execute_input")[inputs];
    return kernel.messages.slice(kernel.messages.indexOf(input) + 1);
  };
  await waitFor("the end of the cell", () => sent().some(isIdle));
  const messages = sent();
  return messages.slice(0, messages.findIndex(isIdle))
    .filter(({ type }) => type === "comm_open" || OUTPUTS.includes(type));
}

/** Runs a cell; returns the text that it prints. */
async function printed(kernel: TestKernel, code: string): Promise<string> {
  const before = kernel.of("stream").length;
  await kernel.run(code);
  // The kernel may send it after the end of the cell.
  const text = await waitFor("text", () => kernel.of("stream")[before]);
  return text.content.text;
}

/** The metadata that the Python package anywidget sends with a view in Colab. */
async function pythonMetadata(url: string): Promise<unknown> {
  // Stands in for a part of Colab, which is not published as a package.
  const program = `
import json, sys, types
output = types.ModuleType("google.colab.output")
output.enable_custom_widget_manager = lambda: None
output._widgets = types.SimpleNamespace(_installed_url=${JSON.stringify(url)})
sys.modules["google.colab.output"] = output
import anywidget
class Widget(anywidget.AnyWidget):
    _esm = "export default {}"
print(json.dumps(Widget()._repr_mimebundle_()[1]))
`;
  return JSON.parse(await capture(venvProgram("python"), ["-c", program]));
}

Deno.test("The value of a cell", async (t) => {
  await using kernel = await TestKernel.start();
  const types = (messages: Message[]) => messages.map(({ type }) => type);

  await t.step("is the only output, sent before the cell ends", async () => {
    for (let i = 0; i < 10; i++) {
      const [open, result, ...more] = await run(
        kernel,
        `var w = pw.processWidget("/nowhere${i}"); w`,
      );
      assertEquals([open.type, result.type], ["comm_open", "execute_result"]);
      assertEquals(more, []);
      const { data, execution_count } = result.content;
      assertEquals(data[VIEW].model_id, open.content.comm_id);
      const input = kernel.of("execute_input").at(-1)!;
      assertEquals(execution_count, input.content.execution_count);
      const again = await run(kernel, "w");
      assertEquals(types(again), ["execute_result"], "the cell is run again");
    }
    assertEquals(
      types(await run(kernel, `new pw.ProcessHandle("/nowhere", "handle")`)),
      ["comm_open", "execute_result"],
    );
    assertEquals(
      types(await run(kernel, `console.log("before"); w`)),
      ["stream", "execute_result"],
    );
  });

  await t.step(
    "has text first, and the metadata that Colab needs",
    async () => {
      const [value] = await run(kernel, "w");
      const [displayed] = await run(kernel, "await w.display()");
      for (const { content: { data, metadata } } of [value, displayed]) {
        assertEquals(Object.keys(data), ["text/plain", "text/html", VIEW]);
        const { url } = metadata[VIEW].colab.custom_widget_manager;
        assert(url.startsWith("https://ssl.gstatic.com/colaboratory-static/"));
        assertEquals(metadata, await pythonMetadata(url));
      }
    },
  );

  await t.step("is displayed by Deno.jupyter.display as well", async () => {
    const [view, ...more] = await run(kernel, "await Deno.jupyter.display(w)");
    assertEquals([view.type, more], ["display_data", []]);
    assert(VIEW in view.content.data);
    const [list] = await run(kernel, "await Deno.jupyter.display([w])");
    assertEquals(Object.keys(list.content.data), ["text/plain"]);
    await run(kernel, "var bundle = await Deno.jupyter.format(w)");
    const last = "console.log(Object.keys(bundle).at(-1))";
    assertEquals(await printed(kernel, last), `${VIEW}\n`);
  });

  await t.step("can be another object that shows a widget", async () => {
    const [value, ...more] = await run(
      kernel,
      `var calls = 0;
      ({ async [Symbol.for("Jupyter.display")]() {
        calls++;
        return await w[Symbol.for("Jupyter.display")]();
      } })`,
    );
    assertEquals([value.type, more], ["execute_result", []]);
    assert(VIEW in value.content.data);
    assertEquals(await printed(kernel, "console.log(calls)"), "1\n");
  });

  await t.step("is sent once if the module is loaded twice", async () => {
    const copy = JSON.stringify(join(ROOT, "jupyter", "cell_value.ts?copy"));
    await run(kernel, `(await import(${copy})).publishViewsInTime()`);
    assertEquals(types(await run(kernel, "w")), ["execute_result"]);
  });

  await t.step("is sent by the kernel if it shows no widget", async () => {
    const last = async (code: string, type: string) => {
      const before = kernel.of(type).length;
      await kernel.run(code);
      // The kernel may send it after the end of the cell.
      return await waitFor(type, () => kernel.of(type)[before]);
    };
    const html = await last("Deno.jupyter.html`<b>x</b>`", "execute_result");
    assertEquals(html.content.data, { "text/html": "<b>x</b>" });
    const number = await last("40 + 2", "execute_result");
    assertEquals(Object.keys(number.content.data), ["text/plain"]);
    const thrown = await last(
      `({ [Symbol.for("Jupyter.display")]() { throw new Error("broken") } })`,
      "error",
    );
    assertEquals(thrown.content.evalue, "broken");
    await kernel.run("w.close()");
    const closed = await last("w", "execute_result");
    assertEquals(Object.keys(closed.content.data), ["text/plain", "text/html"]);
  });
});
