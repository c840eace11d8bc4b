import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { ensureHostEnvironment } from "../../.tasks/host_environment.ts";
import { ROOT, VENV } from "../../.tasks/project.ts";
import { SCREENSHOTS, startBrowser } from "../browser/support/browser.ts";
import { toNotebook } from "../notebook_file.ts";
import { Widget } from "../browser/support/widget.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { freePort } from "./support/free_port.ts";
import { Program } from "./support/program.ts";

/** Starts Voila for a notebook with these cells, and opens its page. */
async function openApp(
  stack: AsyncDisposableStack,
  cells: string[],
  options: string[],
): Promise<Page> {
  const programs = await ensureHostEnvironment(
    "voila",
    join(ROOT, "tests", "hosts", "requirements", "voila.txt"),
  );
  // Below the project, so that the kernel finds its deno.json.
  const folder = await Deno.makeTempDir({
    dir: join(ROOT, "tests"),
    prefix: "run-",
  });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const notebook = join(folder, "app.ipynb");
  await Deno.writeTextFile(notebook, JSON.stringify(toNotebook(cells)));
  // The kernel is that of the project's environment, whose templates would hide
  // those of Voila.
  const spec = join("kernels", "deno");
  const target = join(folder, "data", spec);
  await Deno.mkdir(target, { recursive: true });
  await Deno.copyFile(
    join(VENV, "share", "jupyter", spec, "kernel.json"),
    join(target, "kernel.json"),
  );
  const port = freePort();
  const url = `http://127.0.0.1:${port}/`;
  stack.use(
    await Program.start({ address: "127.0.0.1", command: [] }, [
      join(programs, "voila"),
      notebook,
      "--no-browser",
      "--Voila.ip=127.0.0.1",
      `--port=${port}`,
      ...options,
    ], {
      cwd: folder,
      env: {
        JUPYTER_CONFIG_DIR: join(folder, "config"),
        JUPYTER_DATA_DIR: join(folder, "data"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      },
      url: `${url}voila/static/voila.js`,
    }),
  );
  const browser = await startBrowser();
  stack.defer(() => browser.close());
  const page = await browser.newPage({
    viewport: { width: 1100, height: 900 },
  });
  // Voila runs the cells before it responds.
  await page.goto(url, { timeout: 60_000 });
  return page;
}

const MODES = {
  default: [],
  progressive: ["--progressive_rendering=True"],
  preheated: ["--preheat_kernel=True"],
};

for (const [mode, options] of Object.entries(MODES)) {
  Deno.test(`A widget in Voila's ${mode} mode is live, with code for its buttons`, async () => {
    await using process = await TempProcessDir.idle("shown");
    await process.append("stdout.log", "printed before\n");
    await using stack = new AsyncDisposableStack();
    const page = await openApp(stack, [
      `import { processWidget } from ${JSON.stringify(join(ROOT, "mod.ts"))};
const widget = processWidget(${JSON.stringify(process.path)});
await widget.display();`,
      "await new Promise((done) => setTimeout(done, 2000));",
    ], options);
    const widget = new Widget(page, 0);
    await widget.hasStatus("running", 30_000);
    await widget.shows("printed before", 5000);
    await process.append("stdout.log", "printed later\n");
    await widget.shows("printed later", 5000);

    // Nothing is known about the host until a request was not answered.
    const poll = widget.root.getByRole("button", { name: "Poll now" });
    if (await poll.isVisible()) await poll.click();
    await widget.hasConnection("unavailable", 20_000);
    await widget.root.getByText("code to run instead").waitFor();
    assertEquals(await poll.count(), 0);
    await widget.root.getByText("answers no request").waitFor();
    await until(async () =>
      await page.getByText("Error displaying").count() === 0
    );

    await process.report("degraded", "still live");
    await widget.hasStatus("unhealthy", 5000);
    await process.kill();
    await widget.hasStatus("stopped", 5000);
    await page.screenshot({ path: join(SCREENSHOTS, `voila-${mode}.png`) });
  });
}
