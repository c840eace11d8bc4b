/** What is known beyond what the batch script records, with accounting. */
import { assertEquals } from "@std/assert";
import { ProcessHandle } from "../../handle.ts";
import { slurm } from "../../process/slurm/scheduler.ts";
import { until } from "../files/support.ts";
import { Cluster, testSlurm } from "../slurm/support/cluster.ts";
import { TempJobs, untilIt } from "../slurm/support/jobs.ts";

slurm.interval = 1000;

testSlurm(
  "Accounting says who cancelled a job, and how one ended that Slurm has forgotten",
  async (test) => {
    // Slurm forgets jobs after two seconds.
    const config = ["MinJobAge=2"];
    await using cluster = await Cluster.start({ accounting: true, config });

    await test.step("who cancelled it", async () => {
      await using jobs = new TempJobs();
      const job = await jobs.sh("job", "sleep 600");
      await untilIt(job, ({ status }) => status === "running");
      await cluster.run("scancel", job.job!.id);
      await untilIt(
        job,
        ({ exit }) => exit?.note === "cancelled by root" && exit.signal,
      );
      assertEquals([job.status, job.exit?.signal], ["stopped", "SIGTERM"]);
    });

    await test.step("how it ended while nobody looked", async () => {
      await using jobs = new TempJobs();
      const job = await jobs.sh("job", "sleep 600", {
        options: ["--no-requeue"],
      });
      await untilIt(job, ({ status }) => status === "running");
      const { id, node } = job.job!;
      await cluster.run(
        "scontrol",
        "update",
        `nodename=${node}`,
        "state=down",
        "reason=test",
      );
      await until(
        async () =>
          await cluster.run("sacct", "-nXj", id, "-oState%20") !== "" &&
          await isForgotten(cluster, id),
        30_000,
      );
      // As in another kernel.
      const later = new ProcessHandle(job.processDir, "job");
      await untilIt(later, ({ exit }) => exit?.note);
      assertEquals([later.status, later.exit?.note], [
        "failed",
        `its node ${node} failed`,
      ]);
      await until(async () =>
        await cluster.run("sinfo", "--noheader", "--format=%T %D") ===
          "idle 2\n"
      );
    });

    await test.step("what it uses", async () => {
      await using jobs = new TempJobs();
      const job = await jobs.sh("job", "while :; do :; done");
      let usage = (await job.info()).usage;
      await until(async () => {
        usage = (await job.info()).usage;
        return (usage?.cpuPercent ?? 0) > 20 && usage!.memoryBytes > 1e6;
      }, 30_000);
    });
  },
);

/** Returns whether the controller no longer knows a job. */
async function isForgotten(cluster: Cluster, id: string): Promise<boolean> {
  try {
    return await cluster.run("squeue", "-htall", `-j${id}`) === "";
  } catch {
    return true;
  }
}
