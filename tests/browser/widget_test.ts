import { assert, assertEquals, assertMatch } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { SCREENSHOTS } from "./support/browser.ts";
import { Lab } from "./support/lab.ts";
import type { Notebook } from "./support/notebook.ts";

const IMPORT = `import { processWidget } from ${
  JSON.stringify(join(ROOT, "mod.ts"))
};`;

/** Returns the code of a cell whose value is a widget of this process. */
function cell(process: { path: string }, options = {}): string {
  const args = `${JSON.stringify(process.path)}, ${JSON.stringify(options)}`;
  return `${IMPORT}\nprocessWidget(${args})`;
}

async function screenshot(notebook: Notebook, name: string): Promise<void> {
  await ensureDir(SCREENSHOTS);
  const path = join(SCREENSHOTS, `${name}.png`);
  await notebook.widget().root.screenshot({ path });
}

Deno.test("A widget in JupyterLab shows its process", async (t) => {
  await using lab = await Lab.start({ requests: true });
  await using notebook = await lab.open("", "", "");
  const widget = notebook.widget();

  await t.step("within 3 s of running its cell", async () => {
    await using process = await TempProcessDir.start(
      "echo hello; exec sleep 600",
      "hello",
    );
    await notebook.runCode(0, cell(process));
    await widget.root.waitFor({ timeout: 3000 });
    assertEquals(await widget.status(), "running");
    assertEquals(await widget.fact("pid").innerText(), `${process.pid}`);
    assertMatch(await widget.fact("uptime").innerText(), /^\d+s$/);
    assertEquals(await widget.fact("dir").innerText(), process.path);
    assertEquals(await widget.lines().allInnerTexts(), ["hello"]);
    await widget.log("stderr").getByText("None").waitFor();
  });

  await t.step("with each change soon after it happens", async () => {
    await using process = await TempProcessDir.idle("facts");
    await notebook.runCode(0, cell(process));
    await widget.hasStatus("running", 5000);

    await process.append("stdout.log", "just now\n");
    await widget.shows("just now", 1500);

    await process.report("degraded", "the disk is full");
    await widget.hasStatus("unhealthy", 2500);
    const health = await widget.fact("health").innerText();
    assertMatch(health, /degraded[^]*the disk is full/);

    await process.report("healthy");
    await widget.hasStatus("running", 2500);

    await process.append("health.json", "{ half");
    await widget.notice("error").waitFor({ timeout: 2500 });
    assertEquals(await widget.status(), "running");
    await process.report("healthy");
    await widget.notice("error").waitFor({ state: "hidden", timeout: 2500 });

    const current = (chart: string) =>
      widget.root.locator(`[data-chart=${chart}] .pw-chart-value`);
    await current("cpu").getByText(/^\d.* %$/).waitFor({ timeout: 2500 });
    assertMatch(await current("memory").innerText(), /^\d.* [KM]iB$/);

    await process.kill();
    await widget.hasStatus("stopped", 2500);
    assertEquals(await widget.fact("uptime").innerText(), "-");
    assertEquals(await widget.fact("pid").innerText(), "-");
    assertEquals(await widget.lines().allInnerTexts(), ["just now"]);
    assertEquals(notebook.record.errors, []);
  });

  await t.step("at once in push mode, or says why not", async () => {
    await using process = await TempProcessDir.idle("push");
    // Too long to explain what is shown.
    const options = { watch: true, interval: 600_000 };
    await notebook.runCode(0, cell(process, options));
    await widget.hasStatus("running", 5000);
    await process.append("stdout.log", "pushed\n");
    await widget.shows("pushed", 5000);
    await process.kill();
    await process.append("stdout.log", "and again\n");
    await widget.shows("and again", 5000);

    await notebook.runCode(0, cell({ path: "/proc/self" }, options));
    const notice = widget.notice("info");
    await notice.getByText("(proc) may not report").waitFor();
    await notice.getByRole("button", { name: "Close" }).click();
    await notice.waitFor({ state: "hidden" });
    assertEquals(notebook.record.errors, []);
  });

  await t.step("as soon as its directory exists", async () => {
    await using process = await TempProcessDir.start(
      "echo here; exec sleep 600",
      "late",
    );
    const away = `${process.path}-away`;
    await Deno.rename(process.path, away);
    await notebook.runCode(0, cell(process));
    await widget.notice("waiting").getByText(process.path).waitFor();
    assertEquals(await widget.status(), "unknown");
    await Deno.rename(away, process.path);
    await widget.hasStatus("running", 2500);
    await widget.notice("waiting").waitFor({ state: "hidden" });
    assertEquals(await widget.lines().allInnerTexts(), ["here"]);
  });

  await t.step(
    "keeping the reading position or following the end",
    async () => {
      await using process = await TempProcessDir.idle("reading");
      const numbers = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`)
          .join("");
      await process.append("stdout.log", numbers(0, 100));
      await notebook.runCode(0, cell(process, { lines: 100 }));
      await widget.shows("line 99", 5000);
      const log = widget.log("stdout");
      const fromEnd = () =>
        log.evaluate((el) => el.scrollHeight - el.clientHeight - el.scrollTop);
      const topOf = async (text: string) => {
        const line = widget.lines().getByText(text, { exact: true });
        return (await line.boundingBox())?.y;
      };

      assert(await fromEnd() <= 5, "shows the end initially");
      await process.append("stdout.log", numbers(100, 110));
      await widget.shows("line 109", 1500);
      assert(await fromEnd() <= 5, "follows the end");

      await log.evaluate((el) => el.scrollTop = el.scrollHeight / 2);
      const reading = "line 60";
      const before = await topOf(reading);
      await process.append("stdout.log", numbers(110, 130));
      await widget.shows("line 129", 1500);
      const after = await topOf(reading);
      assert(before !== undefined && after !== undefined);
      assert(Math.abs(before - after) < 2, `moved from ${before} to ${after}`);

      await log.evaluate((el) => el.scrollTop = el.scrollHeight);
      await process.append("stdout.log", numbers(130, 140));
      await widget.shows("line 139", 1500);
      assert(await fromEnd() <= 5, "follows the end again");
    },
  );

  await t.step("in JupyterLab's theme, also when it changes", async () => {
    await using process = await TempProcessDir.start(
      `echo "Listening on http://127.0.0.1:8000/"
       for i in 1 2 3 4 5 6 7 8; do
         echo "10:42:0$i GET /api/items?page=$i 200 1.$i ms"
       done
       echo "10:42:09 GET /missing failed" >&2
       exec sleep 600`,
      "web-server",
    );
    await process.report("healthy", "200 OK in 0.4 ms");
    await notebook.runCode(0, cell(process));
    await widget.hasStatus("running", 5000);
    await widget.shows("page=8", 2500);
    assertEquals(await widget.root.getAttribute("data-theme"), "light");
    await screenshot(notebook, "light");

    await notebook.choose("Settings", "Theme", "JupyterLab Dark");
    const dark = notebook.page.locator('.process-widget[data-theme="dark"]');
    await dark.waitFor({ timeout: 5000 });
    // JupyterLab covers the page while it loads a theme.
    await notebook.page.locator("#jupyterlab-splash").waitFor({
      state: "detached",
    });
    await screenshot(notebook, "dark");
    assertEquals(notebook.record.errors, []);

    await notebook.choose("Settings", "Theme", "JupyterLab Light");
    await dark.waitFor({ state: "hidden", timeout: 5000 });
  });

  await t.step("in two views, apart from another widget", async () => {
    await using one = await TempProcessDir.idle("one");
    await using two = await TempProcessDir.idle("two");
    const cells = [
      `${IMPORT}\nconst one = processWidget(${JSON.stringify(one.path)});\none`,
      cell(two, { theme: "dark" }),
      "one",
    ];
    for (const [index, code] of cells.entries()) {
      await notebook.runCode(index, code);
      await notebook.widget(index).hasStatus("running", 5000);
    }
    const [first, second, again] = [0, 1, 2].map((i) => notebook.widget(i));
    assertEquals(await first.root.getAttribute("data-theme"), "light");
    assertEquals(await second.root.getAttribute("data-theme"), "dark");

    await one.append("stdout.log", "from one\n");
    await first.shows("from one", 1500);
    await again.shows("from one", 1500);
    await two.append("stdout.log", "from two\n");
    await second.shows("from two", 1500);
    assertEquals(await second.lines().allInnerTexts(), ["from two"]);

    await two.kill();
    await second.hasStatus("stopped", 2500);
    assertEquals(await first.status(), "running");
    assertEquals(await again.status(), "running");
    assertEquals(notebook.record.errors, []);
    await notebook.choose("Edit", "Clear Outputs of All Cells");
  });

  await t.step("in a later view with everything that came before", async () => {
    await using process = await TempProcessDir.idle("late");
    const options = JSON.stringify({ lines: 100, interval: 200 });
    await notebook.runCode(
      0,
      `${IMPORT}\nconst w = processWidget(${
        JSON.stringify(process.path)
      }, ${options});\nw`,
    );
    const first = notebook.widget(0);
    await first.hasStatus("running", 5000);
    for (let i = 0; i < 150; i++) {
      await process.append("stdout.log", `line ${i}\n`);
      if (i % 50 === 49) await first.shows(`line ${i}`, 1500);
    }
    const curves = () =>
      notebook.page.locator(".process-widget").evaluateAll((roots) =>
        roots.map((root) =>
          root.querySelector(".pw-curve")?.getAttribute("d")?.split("L").length
        )
      );
    await until(async () => ((await curves())[0] ?? 0) >= 4);
    await notebook.runCode(1, "w");
    const second = notebook.widget(1);
    await second.hasStatus("running", 5000);
    const lines = await second.lines().allInnerTexts();
    assertEquals(lines.length, 100);
    assertEquals(lines, await first.lines().allInnerTexts());
    const [one, two] = await curves();
    assertEquals(one, two);
  });

  await t.step("as text, without interpreting markup", async () => {
    const markup = `<img src=x onerror="document.title='hacked'">`;
    await using process = await TempProcessDir.idle(markup);
    await process.append("stdout.log", `${markup}\n`);
    await process.report(markup, markup);
    await notebook.runCode(0, cell(process));
    await widget.hasStatus("unhealthy", 5000);
    await widget.shows(markup, 2500);
    assertEquals(await widget.root.locator("img").count(), 0);
    assert(await notebook.page.title() !== "hacked");
  });

  await t.step("without sending any requests", async () => {
    await using process = await TempProcessDir.idle("quiet");
    await using notebook = await lab.open(cell(process));
    await notebook.run(0);
    const widget = notebook.widget();
    await widget.hasStatus("running", 15_000);
    await process.append("stdout.log", "a\n");
    await widget.shows("a", 1500);
    await process.kill();
    await widget.hasStatus("stopped", 2500);

    const { requests, sockets, errors } = notebook.record;
    assertEquals(errors, []);
    const server = new URL(notebook.page.url()).origin;
    const modules = requests.filter(({ url }) => url.startsWith("blob:"));
    const [outer, inner] = modules.map(({ url }) => url);
    assertEquals(modules.length, 2, "the widget's module and its wrapper");
    assert(modules[0].scripts[0].includes("/lab/extensions/anywidget/"));
    assertEquals(modules[1].scripts[0], outer);
    for (const { url, scripts } of [...requests, ...sockets]) {
      if (url === inner) continue;
      const widgetScripts = scripts.filter((script) =>
        script.startsWith("blob:")
      );
      assertEquals(widgetScripts, [], `${url} was requested by the widget`);
      const { protocol, host, pathname } = new URL(url);
      if (["blob:", "data:"].includes(protocol)) continue;
      assertEquals(host, new URL(server).host, url);
      if (protocol === "ws:") assertMatch(pathname, KNOWN_SOCKETS);
      else assertMatch(pathname, KNOWN_REQUESTS);
    }
  });
});

/** Addresses that JupyterLab itself requests. */
const KNOWN_SOCKETS = /^\/api\/(events\/subscribe|kernels\/[^/]+\/channels)$/;
const KNOWN_REQUESTS =
  /^\/(lab(\/|$)|static\/|api\/|lsp\/|kernelspecs\/|custom\/|files\/|favicon)/;
