/** How often Slurm is asked. */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { processWidget } from "../../widget.ts";
import { until } from "../files/support.ts";
import { Cluster, testSlurm } from "../slurm/support/cluster.ts";
import { TempJobs } from "../slurm/support/jobs.ts";

testSlurm("50 jobs with a widget each take one squeue per 10 s", async () => {
  await using cluster = await Cluster.start();
  await using jobs = new TempJobs();
  const names = Array.from({ length: 50 }, (_, index) => `job-${index}`);
  for (const name of names) {
    await jobs.sh(name, "echo started; sleep 600", { memory: 10 });
  }
  using stack = new DisposableStack();
  const widgets = (await jobs.manager.list()).map((handle) =>
    stack.use(processWidget(handle))
  );
  // The files say that they run, whatever squeue has said yet.
  await until(
    () => widgets.every((widget) => widget.get("status") === "running"),
    30_000,
  );
  await delay(21_000);
  await until(() => widgets.every((widget) => widget.get("partition")));
  assertEquals(
    widgets.filter((widget) => widget.get("stdout_lines")[0] !== "started"),
    [],
  );
  for (const command of ["squeue", "sstat"]) {
    const calls = await cluster.calls(command);
    assert(calls.length >= 3, `${calls.length} calls of ${command}`);
    const gaps = calls.slice(1).map((call, index) => call - calls[index]);
    assert(Math.min(...gaps) > 9.5, `${command} after ${gaps.join(", ")} s`);
  }
  // Nobody else is asked while nothing ends.
  const before = await cluster.calls("sacct");
  assertEquals(before, []);
});
