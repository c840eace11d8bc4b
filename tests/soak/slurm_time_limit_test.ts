/** What Slurm does to jobs that take too long or too much memory. */
import { assertEquals } from "@std/assert";
import { ProcessHandle } from "../../handle.ts";
import { slurm } from "../../process/slurm/scheduler.ts";
import { Cluster, testSlurm } from "../slurm/support/cluster.ts";
import { TempJobs, untilIt } from "../slurm/support/jobs.ts";

slurm.interval = 1000;

testSlurm("The time to live of a job is its time limit", async () => {
  await using _cluster = await Cluster.start();
  await using jobs = new TempJobs();
  const job = await jobs.sh("job", "sleep 600", {}, { ttlSeconds: 30 });
  await untilIt(job, ({ job }) => job?.timeLimit);
  // Slurm counts in minutes.
  assertEquals(job.job?.timeLimit, 60);
  await untilIt(job, ({ exit }) => exit?.note, 150_000);
  assertEquals([job.status, job.exit?.note], ["stopped", "time limit reached"]);
  assertEquals([job.exit?.reason, job.exit?.signal], ["ttl", "SIGTERM"]);
  // It stays known.
  const later = await new ProcessHandle(job.processDir, "job").refresh();
  assertEquals(later.exit, job.exit);
});
