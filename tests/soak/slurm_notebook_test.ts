/** Jobs in JupyterLab, in a real browser. */
import { assertEquals, assertMatch } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { SCREENSHOTS } from "../browser/support/browser.ts";
import { DashboardView } from "../browser/support/dashboard_view.ts";
import { Lab } from "../browser/support/lab.ts";
import { Cluster, testSlurm } from "../slurm/support/cluster.ts";
import { TempJobs } from "../slurm/support/jobs.ts";

/** Time until a view shows what the scheduler says, in ms. */
const SOON = 15_000;

const TRAIN = `
for epoch in $(seq 100); do
  awk -v epoch=$epoch 'BEGIN {
    printf "epoch %2d  loss %.3f  accuracy %.3f\\n", epoch, 2 / epoch, 1 - 0.6 / epoch
  }'
  sleep 0.2
done`;

testSlurm("JupyterLab shows a running and a pending job live", async (test) => {
  await using cluster = await Cluster.start();
  await using jobs = new TempJobs();
  await using lab = await Lab.start();
  const mod = JSON.stringify(join(ROOT, "mod.ts"));
  const dir = JSON.stringify(jobs.path);
  await Deno.writeTextFile(join(jobs.path, "train.sh"), TRAIN);
  await using notebook = await lab.open(
    `import { run, slurm } from ${mod};
slurm.interval = 1000;
const runner = { type: "slurm", partition: "main", memory: "3G", time: "8:00:00", options: ["--nodelist=n1"] };
const train = await run({ name: "train", cmd: ["sh", "train.sh"], cwd: ${dir}, runner, dir: ${dir} });
const evaluate = await run({ name: "evaluate", cmd: ["sleep", "600"], cwd: ${dir}, runner, dir: ${dir} });
await train.widget().display();
await evaluate.widget().display();`,
    `await run({ name: "sweep", cmd: ["sh", "-c", "echo task $SLURM_ARRAY_TASK_ID; sleep 600"], runner: { type: "slurm", array: "0-3%2" }, dir: ${dir} });`,
  );
  await notebook.run(0);
  const [train, evaluate] = [notebook.widget(0), notebook.widget(1)];

  await test.step("with its log as it grows, its node and its time limit", async () => {
    await train.hasStatus("running", SOON);
    await train.shows("epoch  10", SOON);
    await train.fact("partition").waitFor({ timeout: SOON });
    assertEquals(await train.fact("node").innerText(), "n1");
    assertEquals(await train.fact("limit").innerText(), "8h 0m");
    assertMatch(await train.fact("job").innerText(), /^\d+$/);
    assertMatch(await train.fact("ttl").innerText(), /^7h 59m$/);
  });

  await test.step("with the reason why it waits", async () => {
    await evaluate.hasStatus("pending", SOON);
    const reason = evaluate.fact("job-reason");
    await reason.filter({ hasText: "it waits for free resources" })
      .waitFor({ timeout: SOON });
    await evaluate.fact("start").waitFor({ timeout: SOON });
    await ensureDir(SCREENSHOTS);
    await notebook.page.setViewportSize({ width: 1000, height: 1400 });
    await train.root.scrollIntoViewIfNeeded();
    for (const [name, widget] of Object.entries({ train, evaluate })) {
      const path = join(SCREENSHOTS, `slurm-${name}.png`);
      await widget.root.screenshot({ path, animations: "disabled" });
    }
  });

  await test.step("that the scheduler does not respond, and since when", async () => {
    await cluster.stop("slurmctld");
    const notice = train.notice("scheduler");
    await notice.filter({ hasText: "Unable to contact slurm controller" })
      .filter({ hasText: / ago/ }).waitFor({ timeout: SOON });
    await train.hasStatus("running", SOON);
    await cluster.startController();
    await notice.waitFor({ state: "detached", timeout: SOON });
  });

  await test.step("that it was terminated, and the other one runs", async () => {
    await train.root.getByRole("button", { name: "Terminate" }).click();
    await train.root.getByRole("alertdialog").getByRole("button").first()
      .click();
    await train.hasStatus("stopped", SOON);
    await evaluate.hasStatus("running", SOON);
    await evaluate.fact("pid").filter({ hasText: /^\d+$/ }).waitFor();
  });

  await test.step("the tasks of an array in a table", async () => {
    await notebook.run(1);
    const table = new DashboardView(notebook.page);
    for (const task of ["sweep-0", "sweep-1"]) {
      await table.hasStatus(task, "running", SOON);
      await table.row(task).getByText(/^task \d$/).waitFor({ timeout: SOON });
    }
    await table.hasStatus("sweep-3", "pending", SOON);
  });
});
