import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { Lab } from "./support/lab.ts";

const COUNTER = `import { AnyWidget } from ${
  JSON.stringify(join(ROOT, "mod.ts"))
};
const counter = new AnyWidget({
  id: "counter", traits: { count: 0 }, writable: ["count"],
  esm: \`export default { render({ model, el }) {
    const button = document.createElement("button");
    const show = () => button.textContent = "count " + model.get("count");
    button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
    model.on("change:count", show);
    show();
    el.append(button);
  } }\` });
counter`;

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`A counter of ten lines works in ${app}`, async (t) => {
    await using lab = await Lab.start({ app });
    await using notebook = await lab.open(
      COUNTER,
      "counter",
      "counter",
      "console.log(`kernel has ${counter.get('count')}`)",
    );
    for (const index of [0, 1, 2]) await notebook.run(index);
    const counts = notebook.page.getByRole("button", { name: /^count \d+$/ });
    await counts.nth(2).waitFor();

    await t.step(
      "a click in one view reaches the kernel and all views",
      async () => {
        for (const view of [0, 1, 2]) await counts.nth(view).click();
        for (const view of [0, 1, 2]) {
          await counts.nth(view).getByText("count 3").waitFor();
        }
        await notebook.run(3);
        await notebook.page.getByText("kernel has 3").waitFor();
      },
    );

    await t.step("clicks consume no execution numbers", async () => {
      const prompts = await notebook.page.locator(".jp-InputPrompt")
        .allInnerTexts();
      assertEquals(prompts.filter((text) => /\d/.test(text)).length, 4);
      assertEquals(prompts.includes("[4]:"), true);
    });

    await t.step("it is live again after a reload", async () => {
      await notebook.save();
      await notebook.page.reload();
      await counts.nth(2).getByText("count 3").waitFor({ timeout: 15000 });
      await counts.nth(0).click();
      for (const view of [0, 1, 2]) {
        await counts.nth(view).getByText("count 4").waitFor();
      }
    });
    assertEquals(notebook.record.ownErrors, []);
  });
}
