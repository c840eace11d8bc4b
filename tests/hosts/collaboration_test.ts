import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ensureHostEnvironment } from "../../.tasks/host_environment.ts";
import { ROOT, VENV } from "../../.tasks/project.ts";
import { Lab } from "../browser/support/lab.ts";
import type { Notebook } from "../browser/support/notebook.ts";
import { TempProcessDir } from "../process_dir.ts";
import { freePort } from "./support/free_port.ts";
import { Program } from "./support/program.ts";

/** Starts JupyterLab with the extension that lets users share notebooks. */
async function startShared(stack: AsyncDisposableStack): Promise<Lab> {
  const programs = await ensureHostEnvironment(
    "jupyter-collaboration",
    join(ROOT, "tests", "hosts", "requirements", "jupyter-collaboration.txt"),
  );
  const stateFolder = await Deno.makeTempDir({ prefix: "test-shared-" });
  stack.defer(() => Deno.remove(stateFolder, { recursive: true }));
  const port = freePort();
  const url = `http://127.0.0.1:${port}/`;
  const token = crypto.randomUUID();
  const env = {
    // The kernel is that of the project's environment.
    JUPYTER_PATH: join(VENV, "share", "jupyter"),
    JUPYTER_TOKEN: token,
    JUPYTER_CONFIG_DIR: join(stateFolder, "config"),
    JUPYTER_DATA_DIR: join(stateFolder, "data"),
    JUPYTER_RUNTIME_DIR: join(stateFolder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(stateFolder, "lab", "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(stateFolder, "lab", "workspaces"),
  };
  stack.use(
    await Program.start({ address: "127.0.0.1", command: [] }, [
      join(programs, "jupyter-lab"),
      "--no-browser",
      `--ServerApp.root_dir=${ROOT}`,
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.port=${port}`,
      "--MultiKernelManager.default_kernel_name=deno",
      "--ServerApp.allow_root=True",
      `--YDocExtension.session_store_path=${
        join(stateFolder, "sessions.json")
      }`,
    ], { cwd: stateFolder, env, url: `${url}api` }),
  );
  const server = { url, token, app: "lab", stateFolder } as const;
  return stack.use(await Lab.start({ server }));
}

/**
 * Marks a notebook as trusted. Until then, JupyterLab shows outputs of cells that
 * the user of the page has not run as text.
 */
async function trust({ page }: Notebook): Promise<void> {
  await page.keyboard.press("Control+Shift+C");
  await page.locator(".jp-ModalCommandPalette input").fill("Trust Notebook");
  await page.keyboard.press("Enter");
  await page.locator(".jp-Dialog .jp-mod-accept").click();
}

/** Waits until all pages show what the process prints, in one view each. */
async function areLive(
  process: TempProcessDir,
  ...pages: readonly Notebook[]
): Promise<void> {
  const mark = crypto.randomUUID();
  await process.append("stdout.log", `${mark}\n`);
  for (const notebook of pages) {
    await notebook.widget().shows(mark, 20_000);
    assertEquals(await notebook.page.locator(".process-widget").count(), 1);
  }
}

Deno.test("Users who share a notebook see the same widget", async (t) => {
  await using process = await TempProcessDir.idle("shared");
  await using stack = new AsyncDisposableStack();
  const lab = await startShared(stack);
  const first = stack.use(
    await lab.open(
      `import { processWidget } from ${JSON.stringify(join(ROOT, "mod.ts"))};
processWidget(${JSON.stringify(process.path)})`,
    ),
  );
  const second = await lab.again(first);
  const both = [first, second];
  for (const notebook of both) await trust(notebook);

  await t.step("when one of them runs the cell", async () => {
    await first.run(0);
    await areLive(process, ...both);
  });

  await t.step("when one of them uses a button", async () => {
    await second.widget().root.getByRole("button", { name: "Pause polling" })
      .click();
    await first.widget().notice("paused").waitFor();
    await first.widget().root.getByRole("button", { name: "Resume polling" })
      .click();
    await second.widget().notice("paused").waitFor({ state: "hidden" });
  });

  await t.step("when a third one comes later, and leaves", async () => {
    const third = await lab.again(first);
    await areLive(process, third, ...both);
    await third.page.context().close();
  });

  await t.step("when they reload their pages, in any order", async () => {
    for (const pages of [[first], [second], both, [first]]) {
      await Promise.all(pages.map(({ page }) => page.reload()));
      await areLive(process, ...both);
    }
  });

  await t.step("when the other one runs the cell again", async () => {
    await second.kernelIsReady();
    await second.run(0);
    await areLive(process, ...both);
    assertEquals(await second.widget().status(), "running");
  });
});
