import { assert, assertEquals } from "@std/assert";
import { deadline } from "@std/async";
import { join } from "@std/path";
import { startJupyter } from "../../.tasks/jupyter.ts";
import { ROOT } from "../../.tasks/project.ts";
import { borrowServer } from "../../.tasks/shared_jupyter.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TempDir, until } from "../files/support.ts";
import { type ThemeKind, VSCodeNotebook } from "./support/vscode_notebook.ts";

/** Time until a view shows the result of an action, in ms. */
const ACTION_MS = 8000;

/** Prints five lines per second. */
const PROGRAM = `let line = 0;
setInterval(() => console.log("line", ++line), 200);`;

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

const START = (dir: string) =>
  `import { ProcessManager } from ${MOD};
const manager = new ProcessManager({ dir: ${JSON.stringify(dir)} });
const handle = await manager.run({ name: "controlled",
  cmd: [Deno.execPath(), "eval", ${JSON.stringify(PROGRAM)}] });
const widget = handle.widget();
widget.on("change:polling_active", ({ value }) => console.log("polling", value));
let printed = 0;
setInterval(() => console.log("print", ++printed), 100);
widget`;

Deno.test("A widget in VS Code's page", async (t) => {
  await using stack = new AsyncDisposableStack();
  using dir = new TempDir();
  const server = await borrowServer(stack, "server") ??
    stack.use(
      await startJupyter({
        app: "server",
        stateFolder: stack.adopt(
          await Deno.makeTempDir({ prefix: "test-jupyter-" }),
          (path) => Deno.remove(path, { recursive: true }),
        ),
      }),
    );
  const notebook = stack.use(await VSCodeNotebook.open(server));
  const widget = notebook.widget();
  const button = (name: string) =>
    widget.root.getByRole("button", { name, exact: true });
  const click = (name: string) => button(name).click({ timeout: ACTION_MS });
  const confirm = async (name: string) => {
    await click(name);
    await widget.root.getByRole("alertdialog").getByRole("button", { name })
      .click();
  };
  const pid = async () => Number(await widget.fact("pid").innerText());
  const lastLine = () => widget.lines().last().innerText();
  const prints = async (cell: number) => {
    const text = await notebook.output(cell).locator("pre").allInnerTexts();
    return text.join("").match(/print \d+/g) ?? [];
  };

  await t.step("is live", async () => {
    await notebook.run(START(dir.path));
    await widget.hasStatus("running", ACTION_MS);
    const line = await lastLine();
    await until(async () => await lastLine() !== line);
    await widget.hasConnection("ready", ACTION_MS);
  });

  await t.step("pauses and polls", async () => {
    await click("Pause polling");
    await widget.notice("paused").waitFor();
    const paused = await lastLine();
    await click("Poll now");
    await until(async () => await lastLine() !== paused);
    await click("Resume polling");
    await widget.notice("paused").waitFor({ state: "hidden" });
  });

  await t.step("keeps the later output of the cell", async () => {
    // What a listener prints belongs to the cell as well.
    const cell = notebook.output(0);
    await cell.getByText("polling false").waitFor();
    await cell.getByText("polling true").waitFor();
    const before = (await prints(0)).length;
    await until(async () => (await prints(0)).length > before + 2);
  });

  await t.step(
    "refuses a setting with a reason, and applies another",
    async () => {
      const apply = async (interval: string) => {
        await click("Settings");
        await widget.root.getByLabel("Seconds between polls").fill(interval);
        await widget.root.getByLabel("Lines of each log").fill("3");
        await click("Apply");
      };
      await apply("0.001");
      await widget.notice("error").getByText("from 50 to").waitFor();
      await apply("0.25");
      await widget.notice("error").waitFor({ state: "hidden" });
      await until(async () => await widget.lines().count() === 3);
    },
  );

  await t.step("terminates, starts and restarts the process", async () => {
    const first = await pid();
    await confirm("Terminate the process");
    await widget.hasStatus("stopped", ACTION_MS);
    assertEquals(await localProcessTable.find(first), null);
    await click("Start the process");
    await widget.hasStatus("running", ACTION_MS);
    const second = await pid();
    await confirm("Restart the process");
    await until(async () => ![second, NaN].includes(await pid()), ACTION_MS);
    assert(await localProcessTable.find(await pid()) !== null);
  });

  await t.step("clears the log files", async () => {
    const log = join(dir.path, "controlled", "stdout.log");
    const before = (await Deno.stat(log)).size;
    await confirm("Clear log files");
    await until(async () => (await Deno.stat(log)).size < before);
  });

  await t.step("leaves later output to the latest cell", async () => {
    await notebook.run(`"latest"`);
    await until(async () => (await prints(1)).length > 0);
    await click("Pause polling");
    await widget.notice("paused").waitFor();
    const before = (await prints(1)).length;
    await until(async () => (await prints(1)).length > before + 2);
    await click("Resume polling");
    await widget.notice("paused").waitFor({ state: "hidden" });
    const numbers = [...await prints(0), ...await prints(1)]
      .map((print) => Number(print.split(" ")[1]));
    assertEquals(numbers, numbers.map((_, i) => i + 1), "none is lost");
    for (const cell of [0, 1]) {
      const text = await notebook.output(cell).innerText();
      assert(!text.includes("Error"), text);
    }
  });

  await t.step("lets cells run at the same time", async () => {
    const cells = async () => {
      for (let i = 0; i < 10; i++) {
        await notebook.run("await new Promise((done) => setTimeout(done, 30))");
      }
    };
    const clicks = async () => {
      for (let i = 0; i < 10; i++) await click("Poll now");
    };
    await deadline(Promise.all([cells(), clicks()]), ACTION_MS);
  });

  await t.step("follows the theme", async () => {
    const themes: [ThemeKind, string, background: string][] = [
      ["vscode-dark", "dark", "rgb(31, 31, 31)"],
      ["vscode-light", "light", "rgb(255, 255, 255)"],
      ["vscode-high-contrast", "dark", "rgb(0, 0, 0)"],
      ["vscode-high-contrast-light", "light", "rgb(255, 255, 255)"],
    ];
    const backgroundOf = (element: Element) =>
      getComputedStyle(element).backgroundColor;
    for (const [kind, theme, background] of themes) {
      await notebook.setTheme(kind, background);
      await widget.root.and(
        notebook.page.locator(`[data-theme="${theme}"]`),
      ).waitFor();
      assertEquals(await widget.root.evaluate(backgroundOf), background);
    }
    const frame = notebook.page.locator(".cell-output-ipywidget-background");
    assertEquals(
      await frame.first().evaluate(backgroundOf),
      "rgba(0, 0, 0, 0)",
    );
  });

  await t.step(
    "shows a kernel restart, and is live in the new kernel",
    async () => {
      const handle = `await manager.get("controlled")`;
      await notebook.restart();
      await widget.hasConnection("gone", ACTION_MS);
      await notebook.run(
        `import { ProcessManager } from ${MOD};
const manager = new ProcessManager({ dir: ${JSON.stringify(dir.path)} });
${handle}`,
      );
      const next = notebook.widget(1);
      await next.hasStatus("running", ACTION_MS);
      await next.root.getByRole("button", { name: "Pause polling" }).click();
      await next.notice("paused").waitFor();
      await notebook.run("await manager.removeAll()");
    },
  );

  assertEquals(notebook.record.errors, []);
});
