import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { outputsOf } from "../notebook_file.ts";
import { TempProcessDir } from "../process_dir.ts";
import { Lab } from "./support/lab.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`A widget or a handle is the only output of its cell in ${app}`, async () => {
    await using process = await TempProcessDir.idle("single");
    const source = JSON.stringify(process.path);
    await using lab = await Lab.start({ app });
    await using notebook = await lab.open(
      `import { ProcessHandle, processWidget } from ${MOD};
processWidget(${source});`,
      `new ProcessHandle(${source}, "single")`,
    );
    const outputs = notebook.page.locator(".jp-OutputArea-child");
    const views = notebook.page.locator(".process-widget");
    await notebook.run(0);
    await notebook.widget(0).hasStatus("running", 10_000);
    await notebook.run(1);
    await notebook.widget(1).hasStatus("running", 10_000);
    // Running a cell again replaces its output.
    const before = await views.first().elementHandle();
    await notebook.run(0);
    await before!.waitForElementState("hidden");
    await notebook.widget(1).hasStatus("running", 10_000);
    await notebook.kernelIsIdle();
    assertEquals([await outputs.count(), await views.count()], [2, 2]);
    assertEquals(
      (await outputs.locator(".jp-OutputPrompt").allInnerTexts())
        .map((text) => text.trim()),
      ["[3]:", "[2]:"],
    );

    await notebook.save();
    const { cells } = await notebook.read();
    assertEquals(cells.map(outputsOf), [
      ["execute_result view"],
      ["execute_result view"],
    ]);
    await notebook.choose("Edit", "Clear Outputs of All Cells");
    await outputs.first().waitFor({ state: "detached" });
    await notebook.run(0);
    await notebook.widget(0).hasStatus("running", 10_000);
    assertEquals([await outputs.count(), await views.count()], [1, 1]);
  });
}
