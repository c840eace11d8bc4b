/** What is shown while a network file system hides that a job has ended. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ProcessHandle } from "../../handle.ts";
import { slurm } from "../../process/slurm/scheduler.ts";
import { exists } from "@std/fs";
import { until } from "../files/support.ts";
import { Cluster, testSlurm } from "./support/cluster.ts";
import { TempJobs, untilIt } from "./support/jobs.ts";

slurm.interval = 1000;

testSlurm(
  "A job is not taken for stopped while the record of its exit is not visible",
  async () => {
    // Slurm forgets jobs after two seconds, and there is no accounting.
    await using cluster = await Cluster.start({ config: ["MinJobAge=2"] });
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "sleep 0.5; exit 3");
    await untilIt(job, ({ job }) => job?.answeredAt);
    const record = join(job.processDir, "exit.json");
    await until(() => exists(record));
    await Deno.rename(record, `${record}.hidden`);
    await until(async () => {
      const list = cluster.run("squeue", "--noheader", "--states=all");
      return await list === "";
    }, 30_000);

    const other = new ProcessHandle(job.processDir, "job");
    await untilIt(other, ({ job }) => job?.notice);
    assertEquals([other.status, other.exit], ["unknown", null]);
    assertMatch(other.job!.notice!, /^Slurm no longer lists the job/);
    await Deno.rename(`${record}.hidden`, record);
    await untilIt(other, ({ exit }) => exit);
    assertEquals([other.status, other.exit?.code], ["failed", 3]);
  },
);
