import { assert } from "@std/assert";
import { join } from "@std/path";
import { startJupyter } from "../../.tasks/jupyter.ts";
import { ROOT } from "../../.tasks/project.ts";
import { Lab, startServer } from "../browser/support/lab.ts";
import { MAX_STALE_MS, StaleWatch } from "../browser/support/stale_watch.ts";
import { TempProcessDir } from "../process_dir.ts";

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

Deno.test("A view explains how to continue after its server has restarted", async () => {
  await using process = await TempProcessDir.printing();
  await using stack = new AsyncDisposableStack();
  const server = await startServer(stack);
  await using lab = await Lab.start({ server });
  await using notebook = await lab.open(
    `import { processWidget } from ${MOD};
processWidget(${JSON.stringify(process.path)})`,
  );
  const widget = notebook.widget();
  await notebook.run(0);
  await widget.hasStatus("running", 5000);
  const watch = await StaleWatch.start(notebook.page);
  await notebook.save();
  await server.stop();
  await widget.hasConnection("offline", MAX_STALE_MS);
  stack.use(await startJupyter({ ...server, port: lab.port }));
  // The kernels have stopped with the server. JupyterLab polls for them only now
  // and then.
  await widget.hasConnection("gone", 60_000);
  await widget.notice("connection").getByText("run the cell again").waitFor();
  assert(await watch.longest() < MAX_STALE_MS);

  await notebook.visit();
  await notebook.run(0);
  await widget.hasConnection("ready", 10_000);
});
