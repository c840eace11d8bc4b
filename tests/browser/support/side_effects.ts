import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import { ROOT } from "../../../.tasks/project.ts";
import { TempProcessDir } from "../../process_dir.ts";
import { type App, Lab } from "./lab.ts";
import type { Notebook } from "./notebook.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/** Longer than two heartbeats, in ms. */
const QUIET_MS = 12_000;

interface StatusGlobals {
  statuses: string[];
}

/** Records the kernel states that the page displays. */
async function watchStatus(notebook: Notebook): Promise<void> {
  await notebook.page.evaluate(() => {
    const globals = globalThis as unknown as StatusGlobals;
    globals.statuses = [];
    const indicator = document.querySelector(
      ".jp-Notebook-ExecutionIndicator",
    )!;
    new MutationObserver(() => {
      globals.statuses.push(indicator.getAttribute("data-status") ?? "");
    }).observe(indicator, { attributeFilter: ["data-status"] });
  });
}

function statuses(notebook: Notebook): Promise<string[]> {
  return notebook.page.evaluate(() =>
    (globalThis as unknown as StatusGlobals).statuses
  );
}

/** Options of {@linkcode hasNoSideEffects}. */
export interface SideEffectOptions {
  /** Whether to check that a page sends nothing by itself; takes 13 s. */
  readonly checksRequests: boolean;
}

/** Checks that a widget affects neither the other cells nor the saved file. */
export async function hasNoSideEffects(
  t: Deno.TestContext,
  app: App,
  { checksRequests }: SideEffectOptions,
): Promise<void> {
  await using process = await TempProcessDir.start(
    "i=0; while :; do i=$((i+1)); echo line $i; sleep 1; done",
    "watched",
  );
  await using quiet = await TempProcessDir.idle("quiet");
  await using lab = await Lab.start({ app });
  await using notebook = await lab.open(
    `import { processWidget } from ${MOD};
const w = processWidget(${JSON.stringify(process.path)});
let printed = 0;
setInterval(() => console.log("print", ++printed), 1000);
const globals = Object.getOwnPropertyNames(globalThis).length;
w`,
    `processWidget(${JSON.stringify(quiet.path)}, { controls: ["poll"] })`,
    `console.log("globals", Object.getOwnPropertyNames(globalThis).length - globals)`,
    `console.log(printed, "prints")`,
  );
  const { page } = notebook;
  const widget = notebook.widget();
  const poll = async () => {
    await widget.root.getByRole("button", { name: "Poll now" }).click();
    await widget.root.getByText("waiting for kernel")
      .waitFor({ state: "hidden" });
  };
  const text = () => page.locator(".jp-OutputArea-output").allInnerTexts();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);

  await t.step("later prints of a cell stay in its output", async () => {
    const prints = page.locator(".jp-OutputArea-output", {
      hasText: "print 2",
    });
    await prints.waitFor();
    for (let i = 0; i < 3; i++) await poll();
    await prints.getByText("print 6").waitFor({ timeout: 8000 });
    const lines = (await prints.innerText()).trim().split("\n");
    // Where starting takes long, the first precedes the widget, as an output of
    // its own.
    const first = lines[0] === "print 1" ? 1 : 2;
    assertEquals(lines, lines.map((_, i) => `print ${first + i}`));
    // From now on, another cell is the last one.
    await notebook.run(1);
    await notebook.widget(1).hasStatus("running", 5000);
    const before = (await prints.innerText()).length;
    await poll();
    await delay(2500);
    assertEquals((await prints.innerText()).length, before);
    assert(
      (await text()).at(-1)!.includes("print"),
      "printed with the last cell",
    );
  });

  if (checksRequests) {
    await t.step("the page sends nothing without a request", async () => {
      await delay(1000);
      await watchStatus(notebook);
      await delay(QUIET_MS);
      assertEquals(await statuses(notebook), []);
      assertEquals(await widget.root.getAttribute("data-connection"), "ready");
    });
  }

  await t.step(
    "execution numbers, globals and the saved file are unaffected",
    async () => {
      for (let i = 0; i < 3; i++) await poll();
      await notebook.run(2);
      await page.getByText("globals 0").waitFor();
      await notebook.run(3);
      await page.getByText(/^\d+ prints/).first().waitFor();
      const prompts = await page.locator(".jp-InputPrompt").allInnerTexts();
      assertEquals(prompts.filter((prompt) => /\d/.test(prompt)), [
        "[1]:",
        "[2]:",
        "[3]:",
        "[4]:",
      ]);
      await notebook.save();
      const saved = await notebook.read();
      assertEquals(saved.cells.map((cell) => cell.execution_count), [
        1,
        2,
        3,
        4,
      ]);
      // Requests of views are not saved.
      assert(!JSON.stringify(saved).includes("deno.anywidget.registry"));
    },
  );
}
