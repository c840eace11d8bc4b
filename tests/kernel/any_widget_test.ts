import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { TestKernel, waitFor } from "./support.ts";

Deno.test("AnyWidget in a kernel", async (t) => {
  await using kernel = await TestKernel.start();

  /** Runs code with a displayed counter `w`; returns the states it sent. */
  async function states(code: string): Promise<unknown[]> {
    await kernel.run(`
      var w = new pw.AnyWidget({
        id: "counter",
        esm: "export default { render() {} }",
        traits: { count: 0, list: [1, 2], nested: { a: { b: 1 } }, items: [], first: 0 },
        sliding: { items: "first" },
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

  await t.step("sends all changes of one turn in one message", async () => {
    const code = `w.set("count", 2); w.set("list", [3]); w.set("count", 3);`;
    assertEquals(await states(code), [{ count: 3, list: [3] }]);
  });

  await t.step("sends the changes of two turns in two messages", async () => {
    const code =
      `w.set("count", 2); await null; w.set("count", 3); await null;`;
    assertEquals(await states(code), [{ count: 2 }, { count: 3 }]);
  });

  await t.step("sends nothing for a value with equal content", async () => {
    const code = `
      w.set("count", 1);
      w.set("list", [1, 2]);
      w.set("nested", { a: { b: 1 } });
      await null;`;
    assertEquals(await states(code), []);
  });

  await t.step("sends nothing for a value that was changed back", async () => {
    const code = `w.set("list", []); w.set("list", [1, 2]); await null;`;
    assertEquals(await states(code), []);
  });

  await t.step("sends what a listener sets in the same message", async () => {
    const code = `
      w.on("change:count", ({ value }) => w.set("list", [value]));
      w.set("count", 9);
      await null;`;
    assertEquals(await states(code), [{ count: 9, list: [9] }]);
  });

  await t.step("sends text unchanged", async () => {
    const text = "\0 \u2028 \ud83d\ude00 </script> `${x}` \\ \"'";
    const code = `w.set("list", [${JSON.stringify(text)}]); await null;`;
    assertEquals(await states(code), [{ list: [text] }]);
  });

  await t.step("sends the new items of a sliding list", async () => {
    const code = `
      var items = Array.from({ length: 102 }, (_, i) => i);
      w.set("items", items.slice(0, 100));
      await null;
      w.update({ items: items.slice(2), first: 2 });
      await null;`;
    const [whole, patch] = await states(code);
    assertEquals((whole as { items: unknown[] }).items.length, 100);
    assertEquals(patch, {
      first: 2,
      items_patch: { sequence: 1, start: 100, items: [100, 101] },
    });
  });

  await t.step("exports its own module", async () => {
    const url = JSON.stringify(join(ROOT, "jupyter", "mod.ts"));
    await kernel.run(`
      var { AnyWidget } = await import(${url});
      if (AnyWidget !== pw.AnyWidget) throw new Error("another class");`);
  });
});
