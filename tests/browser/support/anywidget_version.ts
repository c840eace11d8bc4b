import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { ROOT } from "../../../.tasks/project.ts";
import { ensurePython, pipInstall } from "../../../.tasks/python.ts";
import { TempProcessDir } from "../../process_dir.ts";
import { Lab, startServer } from "./lab.ts";

/** Checks that a widget works with a version of anywidget older than the environment's. */
export async function worksWithAnywidget(version: string): Promise<void> {
  await ensurePython();
  await using stack = new AsyncDisposableStack();
  const target = await Deno.makeTempDir({ prefix: "test-anywidget-" });
  stack.defer(() => Deno.remove(target, { recursive: true }));
  await pipInstall("--no-deps", "--target", target, `anywidget==${version}`);
  // The first anywidget on Jupyter's path wins over the environment's.
  const dataFolder = join(target, "share", "jupyter");
  const server = await startServer(stack, { dataFolder });
  const lab = stack.use(await Lab.start({ server }));
  const process = stack.use(await TempProcessDir.idle("old"));
  const mod = JSON.stringify(join(ROOT, "mod.ts"));
  const notebook = stack.use(
    await lab.open(
      `import { processWidget } from ${mod};
       processWidget(${JSON.stringify(process.path)})`,
    ),
  );
  await notebook.run(0);
  const widget = notebook.widget();
  await widget.hasStatus("running", 5000);
  await process.append("stdout.log", "works\n");
  await widget.shows("works", 1500);
  await widget.root.getByRole("button", { name: "Pause polling" }).click();
  await widget.notice("paused").waitFor();
  await widget.root.getByRole("button", { name: "Resume polling" }).click();
  await widget.notice("paused").waitFor({ state: "hidden" });
  await process.kill();
  await widget.hasStatus("stopped", 2500);
  assertEquals(notebook.record.errors, []);
  assertEquals(await loadedVersion(notebook.page), version);
}

/** Returns the version of anywidget that the page has loaded. */
async function loadedVersion(page: Page): Promise<string> {
  const url = new URL("/lab/extensions/anywidget/package.json", page.url());
  const response = await page.request.get(url.href);
  return (await response.json()).version;
}
