/** Arrays of jobs: one handle, and a process for each task. */
import { assertEquals, assertRejects } from "@std/assert";
import { $display } from "../../jupyter/display.ts";
import { slurm } from "../../process/slurm/scheduler.ts";
import { until } from "../files/support.ts";
import { Cluster, testSlurm } from "./support/cluster.ts";
import { TempJobs, untilIt } from "./support/jobs.ts";

slurm.interval = 1000;

testSlurm(
  "An array is one handle with a process for each task",
  async (test) => {
    await using _cluster = await Cluster.start();

    await test.step("its tasks run, a few at a time, and have logs of their own", async () => {
      await using jobs = new TempJobs();
      const script =
        'echo "$SYFTPM_PROCESS_NAME $SLURM_ARRAY_TASK_ID"; sleep 1; exit $((SLURM_ARRAY_TASK_ID / 3))';
      const array = await jobs.sh("array", script, { array: "0-3%2" });
      const tasks = await array.tasks();
      assertEquals(
        tasks.map(({ name }) => name),
        ["array-0", "array-1", "array-2", "array-3"],
      );
      await untilIt(array, ({ status }) => status === "running");
      await untilIt(tasks[3], ({ job }) => job?.reason);
      assertEquals([tasks[3].status, tasks[3].job?.reason], [
        "pending",
        "as many tasks of the array run as may (JobArrayTaskLimit)",
      ]);
      await assertRejects(() => array.start(), Error, "it is already");
      await untilIt(array, ({ status }) => status === "failed", 40_000);
      assertEquals(array.exit?.note, "1 of 4 tasks failed");
      assertEquals(await tasks[2].stdout.tail(), ["array-2 2"]);
      assertEquals((await tasks[3].refresh()).exit?.code, 1);
    });

    await test.step("one of its tasks is terminated, and restarted", async () => {
      await using jobs = new TempJobs();
      const array = await jobs.sh(
        "array",
        "echo $SLURM_ARRAY_TASK_ID; sleep 600",
        {
          array: "5,7",
        },
      );
      const [five, seven] = await array.tasks();
      for (const task of [five, seven]) {
        await untilIt(task, ({ status }) => status === "running");
      }
      await five.terminate();
      assertEquals([five.status, five.exit?.reason], ["stopped", "terminated"]);
      assertEquals((await seven.refresh()).status, "running");
      await five.start();
      await untilIt(five, ({ status }) => status === "running");
      await until(async () => (await five.stdout.tail()).join() === "5,5");
      assertEquals((await array.refresh()).status, "running");

      await array.terminate();
      for (const task of [five, seven]) {
        await task.refresh();
        assertEquals([task.status, task.exit?.reason], [
          "stopped",
          "terminated",
        ]);
      }
      await untilIt(array, ({ status }) => status === "stopped");
    });

    await test.step("it displays as a dashboard of its tasks", async () => {
      await using jobs = new TempJobs();
      const array = await jobs.sh("array", "sleep 600", { array: "0-2" });
      const tasks = await array.tasks();
      await untilIt(tasks[2], ({ status }) => status === "running");
      const output = await array[$display]();
      const text = String(output["text/plain"]);
      for (const name of ["array-0", "array-1", "array-2"]) {
        assertEquals(text.includes(name), true, text);
      }
    });
  },
);
