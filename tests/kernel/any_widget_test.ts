import { assertEquals } from "@std/assert";
import { TestKernel, waitFor } from "./support.ts";

Deno.test("AnyWidget talks to the front end", async (t) => {
  await using kernel = await TestKernel.start();

  /** Runs code with a displayed counter `w`; returns the states it sent. */
  async function states(code: string): Promise<unknown[]> {
    await kernel.run(`
      var w = new pw.AnyWidget({
        id: "counter",
        esm: "export default { render() {} }",
        traits: { count: 0, list: [1, 2], nested: { a: { b: 1 } } },
      });
      w.set("count", 1);
      await w.display();
      undefined`);
    await waitFor("display", () => kernel.comms.at(-1)?.type === "comm_open");
    assertEquals(kernel.comms.at(-1)?.content.data.state.count, 1);
    const before = kernel.comms.length;
    await kernel.run(`${code}\nw.close()`);
    await waitFor("close", () => kernel.comms.at(-1)?.type === "comm_close");
    return kernel.comms.slice(before, -1).map(({ content }) =>
      content.data.state
    );
  }

  await t.step("all changes of one turn go out in one message", async () => {
    const code = `w.set("count", 2); w.set("list", [3]); w.set("count", 3);`;
    assertEquals(await states(code), [{ count: 3, list: [3] }]);
  });

  await t.step("changes of two turns go out in two", async () => {
    const code =
      `w.set("count", 2); await null; w.set("count", 3); await null;`;
    assertEquals(await states(code), [{ count: 2 }, { count: 3 }]);
  });

  await t.step("values that are equal by content send nothing", async () => {
    const code = `
      w.set("count", 1);
      w.set("list", [1, 2]);
      w.set("nested", { a: { b: 1 } });
      await null;`;
    assertEquals(await states(code), []);
  });

  await t.step("a value that is back where it was sends nothing", async () => {
    const code = `w.set("list", []); w.set("list", [1, 2]); await null;`;
    assertEquals(await states(code), []);
  });

  await t.step("what a listener sets joins the message", async () => {
    const code = `
      w.on("change:count", ({ value }) => w.set("list", [value]));
      w.set("count", 9);
      await null;`;
    assertEquals(await states(code), [{ count: 9, list: [9] }]);
  });

  await t.step("text travels unharmed", async () => {
    const text = "\0 \u2028 \ud83d\ude00 </script> `${x}` \\ \"'";
    const code = `w.set("list", [${JSON.stringify(text)}]); await null;`;
    assertEquals(await states(code), [{ list: [text] }]);
  });
});
