import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { ROOT } from "../../.tasks/project.ts";
import { TempProcessDir } from "../process_dir.ts";
import { until } from "../files/support.ts";
import { Lab } from "./support/lab.ts";
import type { Notebook } from "./support/notebook.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

/** Opens and saves a notebook with two live widgets, one per cell. */
async function open(lab: Lab, process: TempProcessDir): Promise<Notebook> {
  const source = JSON.stringify(process.path);
  const notebook = await lab.open(
    `import { processWidget } from ${MOD};
const one = processWidget(${source});
one`,
    `const two = processWidget(${source});
two`,
    "one",
    `console.log("views", one.views, two.views)`,
    "{ const end = Date.now() + 8000; while (Date.now() < end); }",
    // Readable without a page.
    `let at = Date.now();
two.on("change:uptime", () => at = Date.now());
setInterval(() => {
  const state = Date.now() - at > 3000 ? "idle" : "";
  const text = [one.views, two.views, state].join(" ");
  const file = ${JSON.stringify(join(process.path, "views"))};
  // Nobody must read half of it.
  Deno.writeTextFileSync(file + ".new", text);
  Deno.renameSync(file + ".new", file);
}, 100); undefined`,
  );
  for (const cell of [0, 1]) {
    await notebook.run(cell);
    await notebook.widget(cell).hasStatus("running", 5000);
  }
  await notebook.save();
  return notebook;
}

/** Waits until a page shows exactly this many views, all of them live. */
async function isLive(
  notebook: Notebook,
  process: TempProcessDir,
  views: number,
): Promise<void> {
  const mark = crypto.randomUUID();
  await process.append("stdout.log", `${mark}\n`);
  for (let view = 0; view < views; view++) {
    await notebook.widget(view).shows(mark, 20_000);
  }
  const all = notebook.page.locator(".process-widget");
  assertEquals(await all.count(), views);
}

/** Crashes a page, as running out of memory does. */
async function crash(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // A crashed page does not respond.
  devTools.send("Page.crash").catch(() => {});
  await crashed;
}

async function viewsInKernel(notebook: Notebook): Promise<string> {
  await notebook.run(3);
  const output = notebook.page.getByText(/^views \d/);
  await output.waitFor();
  return (await output.innerText()).trim();
}

/** Waits until the kernel counts these views. */
async function hasViews(notebook: Notebook, expected: string): Promise<void> {
  let views = "";
  const isExpected = async () => {
    views = await viewsInKernel(notebook);
    return views === expected;
  };
  await until(isExpected).catch(() => assertEquals(views, expected));
}

/** Closes a page as a person does. */
async function closeTab({ page }: Notebook): Promise<void> {
  // JupyterLab asks whether to leave unsaved changes.
  page.once("dialog", (dialog) => dialog.accept());
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  await page.context().close();
}

/** Closes a page that has unsaved changes, and decides to stay. */
async function changeMind({ page }: Notebook): Promise<void> {
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  await (await asked).dismiss();
}

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`Closing a notebook in ${app} stops polling`, async () => {
    await using process = await TempProcessDir.idle("closed");
    await using lab = await Lab.start({ app });
    await using notebook = await open(lab, process);
    const file = join(process.path, "views");
    await Deno.writeTextFile(file, "");
    await notebook.run(5);
    const views = async () => (await Deno.readTextFile(file)).trim();
    await until(async () => await views() === "1 1");
    await notebook.save();
    // Notebook 7 opens each notebook in another page.
    if (app === "lab") await notebook.choose("File", "Close Tab");
    else await notebook.page.goto("about:blank");
    await until(async () => await views() === "0 0 idle");
    await notebook.visit();
    await isLive(notebook, process, 2);
    await until(async () => await views() === "1 1");

    // The page stays open until the server answers.
    await notebook.page.route(/\/notebooks\/|\/lab\//, async (route) => {
      if (route.request().isNavigationRequest()) await delay(3000);
      await route.continue();
    });
    const isSilent = async () => {
      await until(async () => await views() !== "1 1");
      for (let tenth = 0; tenth < 25; tenth++) {
        assertEquals((await views()).slice(0, 3), "0 0");
        await delay(100);
      }
    };
    await Promise.all([notebook.page.reload(), isSilent()]);
    await until(async () => await views() === "1 1");
  });
}

Deno.test("Widgets reach pages that open later", async (t) => {
  await using process = await TempProcessDir.idle("shared");
  await using lab = await Lab.start();

  await t.step("and these pages survive reloads in any order", async () => {
    await using notebook = await open(lab, process);
    const other = await lab.again(notebook);
    await isLive(other, process, 2);
    await isLive(notebook, process, 2);
    for (const pages of [[notebook], [other], [notebook, other]]) {
      await Promise.all(pages.map(({ page }) => page.reload()));
      for (const page of [other, notebook]) await isLive(page, process, 2);
    }
    // A third one comes after all this.
    const third = await lab.again(notebook);
    await isLive(third, process, 2);
    await hasViews(third, "views 3 3");
    await changeMind(third);
    await isLive(third, process, 2);
    await closeTab(third);
    for (const { page } of [notebook, other]) {
      assertEquals(await page.getByText("Error displaying").count(), 0);
    }
    await hasViews(other, "views 2 2");
    await closeTab(other);
    await hasViews(notebook, "views 1 1");
    await isLive(notebook, process, 2);
  });

  await t.step("they outlive a page that crashed", async () => {
    await using notebook = await open(lab, process);
    await crash(notebook.page);
    const other = await lab.again(notebook);
    const errors = other.page.getByText("Error displaying widget");
    await errors.nth(1).waitFor();
    await other.run(2);
    await isLive(other, process, 3);
    assertEquals(await errors.count(), 0);
    await other.page.context().close();
  });

  await t.step(
    "a page that reloads while a cell runs gets them afterwards",
    async () => {
      await using notebook = await open(lab, process);
      await notebook.run(4);
      await notebook.page.locator('[data-status="busy"]').first().waitFor();
      await notebook.page.reload();
      await isLive(notebook, process, 2);
    },
  );
});
