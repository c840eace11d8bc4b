/** What is shown when a job takes more memory than it may. */
import { assertEquals } from "@std/assert";
import { slurm } from "../../process/slurm/scheduler.ts";
import { Cluster, testSlurmLimits } from "./support/cluster.ts";
import { TempJobs, untilIt } from "./support/jobs.ts";

slurm.interval = 1000;

testSlurmLimits(
  "A job that takes too much memory is out of memory",
  async () => {
    await using _cluster = await Cluster.start({ controlGroups: true });
    await using jobs = new TempJobs();
    // If nothing else does, the limit of the shell keeps it from taking all memory.
    const script = "ulimit -v 1000000; exec tail /dev/zero";
    const job = await jobs.sh("job", script, { memory: 50 });
    await untilIt(job, ({ exit }) => exit?.note);
    assertEquals([job.status, job.exit?.note], ["failed", "out of memory"]);
  },
);
