/** What jobs of a real Slurm show at every stage of their lives. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ProcessHandle } from "../../handle.ts";
import { ProcessManager } from "../../manager.ts";
import { slurm } from "../../process/slurm/scheduler.ts";
import { phaseOf } from "../../process/slurm/states.ts";
import { until } from "../files/support.ts";
import { Cluster, testSlurm } from "./support/cluster.ts";
import { TempJobs, untilIt } from "./support/jobs.ts";

slurm.interval = 1000;

/** Whether it is running, and has recorded where. */
const isRunning = ({ status, pid }: ProcessHandle) =>
  status === "running" && pid !== null;
const isOver = ({ status }: ProcessHandle) =>
  status === "stopped" || status === "failed";

/** Whether the scheduler has confirmed the end. */
const isSettled = (handle: ProcessHandle) =>
  isOver(handle) && phaseOf(handle.job?.state ?? "") === "ended";

testSlurm("A job shows what happens to it", async (test) => {
  await using cluster = await Cluster.start();

  await test.step("it runs, prints, and exits with a code", async () => {
    await using jobs = new TempJobs();
    const [zero, three] = await Promise.all([
      jobs.sh("zero", "echo out; echo err >&2"),
      jobs.sh("three", 'echo "$SYFTPM_PROCESS_NAME"; sleep 0.5; exit 3'),
    ]);
    await untilIt(three, isRunning);
    assertEquals(await three.isRunning(), true);
    assert(three.pid! > 1);
    assertMatch(three.job!.node!, /^n[12]$/);
    await untilIt(three, isSettled);
    await untilIt(zero, isSettled);
    const { exit } = zero;
    assertEquals([zero.status, exit?.code, exit?.signal], ["stopped", 0, null]);
    assertEquals(three.status, "failed");
    assertEquals([three.exit?.code, three.exit?.reason], [3, "exited"]);
    assertEquals(await zero.stdout.tail(), ["out"]);
    assertEquals(await zero.stderr.tail(), ["err"]);
    assertEquals(await three.stdout.tail(), ["three"]);
  });

  await test.step("another handle, as in another kernel, shows the same", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "sleep 600");
    await untilIt(job, isRunning);
    const other = new ProcessHandle(job.processDir, "job");
    await untilIt(other, isRunning);
    assertEquals(other.pid, job.pid);
    await assertRejects(
      () => other.start(),
      Error,
      "it is already running as job",
    );
    await other.terminate();
    await untilIt(job, isSettled);
    assertEquals([job.status, job.exit?.reason], ["stopped", "terminated"]);
  });

  await test.step("its log is followed until it ends", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh(
      "job",
      "for i in 1 2 3; do echo $i; sleep 0.2; done",
    );
    const lines: string[] = [];
    for await (const line of job.stdout) lines.push(line);
    assertEquals(lines, ["1", "2", "3"]);
  });

  await test.step("it is pending with the reason until resources are free", async () => {
    await using jobs = new TempJobs();
    const options = { memory: "3G", time: 90 };
    const first = await jobs.sh("first", "sleep 600", options);
    const second = await jobs.sh("second", "sleep 600", options);
    await untilIt(first, isRunning);
    await untilIt(second, isRunning);
    const third = await jobs.sh("third", "sleep 600", options);
    await untilIt(third, ({ job }) => job?.reason && job.expectedStart);
    assertEquals([third.status, third.pid], ["pending", null]);
    assertEquals(third.job?.reason, "it waits for free resources (Resources)");
    assertEquals([third.job?.partition, third.job?.timeLimit], ["main", 5400]);
    assert(third.job!.expectedStart! > Date.now());
    assertEquals(await third.isRunning(), false);
    await assertRejects(
      () => third.start(),
      Error,
      "it is already pending as job",
    );
    await first.terminate();
    await untilIt(third, isRunning);
  });

  await test.step("it is held, and starts when it is released", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "sleep 600", { options: ["--hold"] });
    await untilIt(job, ({ job }) => job?.reason?.startsWith("held"));
    await cluster.run("scontrol", "release", job.job!.id);
    await untilIt(job, isRunning);
  });

  await test.step("it is cancelled while pending, at once", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "sleep 600", { options: ["--hold"] });
    assertEquals(await job.terminate(), []);
    assertEquals([job.status, job.exit?.reason], ["stopped", "terminated"]);
    assertEquals([job.exit?.pid, job.exit?.code], [null, null]);
    // It is submitted again.
    const { id } = job.job!;
    await job.start();
    assert(job.job!.id !== id);
  });

  await test.step("it is terminated while running", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh(
      "job",
      "trap 'echo TERM; exit 7' TERM; while :; do sleep 0.1; done",
    );
    await untilIt(job, isRunning);
    const { pid } = job;
    assertEquals(await job.terminate(), [{
      pid: pid!,
      name: null,
      signal: "SIGTERM",
    }]);
    assertEquals([job.status, job.exit?.code, job.exit?.reason], [
      "stopped",
      7,
      "terminated",
    ]);
    assertEquals(await job.stdout.tail(), ["TERM"]);
  });

  await test.step("what ignores SIGTERM is killed after the grace period, with its descendants", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh(
      "job",
      "trap '' TERM; sleep 600 & echo $!; while :; do sleep 0.1; done",
    );
    await untilIt(job, isRunning);
    await until(async () => (await job.stdout.tail()).length === 1);
    const [ended] = await job.terminate({ graceMs: 200 });
    assertEquals(ended.signal, "SIGKILL");
    assertEquals([job.exit?.signal, job.exit?.reason], [
      "SIGKILL",
      "terminated",
    ]);
    // The node is this machine.
    const [child] = await job.stdout.tail();
    await until(() => !isAlive(Number(child)));
  });

  await test.step("it is restarted: submitted again, with the same logs", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "echo started; sleep 600");
    await untilIt(job, isRunning);
    const { id } = job.job!;
    await job.restart();
    await untilIt(job, isRunning);
    assert(job.job!.id !== id);
    await until(async () => (await job.stdout.tail()).length === 2);
  });

  await test.step("it is killed by a signal", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "kill -KILL $$");
    await untilIt(job, isSettled);
    assertEquals([job.status, job.exit?.signal], ["failed", "SIGKILL"]);
    assertEquals([job.exit?.code, job.exit?.reason], [null, "exited"]);
  });

  await test.step("it is cancelled by others while pending and while running", async () => {
    await using jobs = new TempJobs();
    const pending = await jobs.sh("pending", "sleep 600", {
      options: ["--hold"],
    });
    const running = await jobs.sh("running", "sleep 600");
    await untilIt(running, isRunning);
    await cluster.run("scancel", pending.job!.id, running.job!.id);
    for (const job of [pending, running]) {
      await untilIt(job, isSettled);
      assertEquals([job.status, job.exit?.note], ["stopped", "cancelled"]);
      assertEquals(job.exit?.reason, "terminated");
    }
    assertEquals(running.exit?.signal, "SIGTERM");
  });

  await test.step("it is requeued: pending again, then another run", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "echo run; sleep 600");
    await untilIt(job, isRunning);
    const { pid } = job;
    const { id } = job.job!;
    await cluster.run("scontrol", "requeuehold", id);
    await untilIt(job, ({ status }) => status === "pending");
    assertMatch(job.job!.reason!, /^requeued: held/);
    assertEquals([job.pid, job.exit], [null, null]);
    // Slurm waits for two minutes before it runs a requeued job again.
    await cluster.run("scontrol", "update", `jobid=${id}`, "starttime=now");
    await cluster.run("scontrol", "release", id);
    await untilIt(job, isRunning);
    assertEquals(job.job?.id, id);
    assert(job.pid !== pid);
    assertEquals(await job.stdout.tail(), ["run", "run"]);
  });

  await test.step("its node is set down: it fails, and says which node", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "sleep 600", {
      options: ["--no-requeue"],
    });
    await untilIt(job, isRunning);
    const node = job.job!.node!;
    await cluster.run(
      "scontrol",
      "update",
      `nodename=${node}`,
      "state=down",
      "reason=test",
    );
    await untilIt(job, isSettled);
    assertEquals([job.status, job.exit?.note], [
      "failed",
      `its node ${node} failed`,
    ]);
    // The node itself is well, and registers again.
    await until(async () =>
      await cluster.run("sinfo", "--noheader", "--format=%T %D") === "idle 2\n"
    );
  });

  await test.step("it runs on while the controller is stopped, which the card says", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh(
      "job",
      'while ! [ -e "$SYFTPM_PROCESS_DIR/go" ]; do sleep 0.1; done; exit 3',
    );
    await untilIt(job, ({ job }) => job?.state === "RUNNING");
    await cluster.stop("slurmctld");
    await untilIt(job, ({ job }) => job?.notice);
    assertEquals(job.status, "running");
    assertMatch(
      job.job!.notice!,
      /^Slurm does not respond: 'squeue' reports: ".*Unable to contact slurm controller/,
    );
    assert(job.job!.answeredAt! < Date.now());
    await assertRejects(
      () => job.terminate(),
      Error,
      "Unable to contact slurm controller",
    );
    await Deno.writeTextFile(join(job.processDir, "go"), "");
    // The exit is recorded without Slurm.
    await untilIt(job, isOver);
    assertEquals([job.status, job.exit?.code], ["failed", 3]);
    await cluster.startController();
    await untilIt(job, isSettled);
    assertEquals([job.status, job.exit?.code], ["failed", 3]);
  });

  await test.step("names, words and folders are taken literally", async () => {
    await using jobs = new TempJobs();
    const odd = "$(touch hacked) `x` 'a' \"b\" \\ %j * # & ;\n!";
    const folder = join(jobs.path, 'it\'s "100%j" $HOME \\ `x`');
    await Deno.mkdir(folder);
    const manager = new ProcessManager({ dir: folder });
    const job = await manager.run({
      name: "-n",
      cmd: ["printf", "<%s>\\n", odd, ""],
      env: { ODD: odd },
      cwd: folder,
      runner: "slurm",
    });
    await untilIt(job, isSettled);
    assertEquals(job.exit?.code, 0);
    assertEquals(await job.stdout.readLines(), [
      ...`<${odd}>`.split("\n"),
      "<>",
    ]);
    const missing = await manager.run({
      name: "missing",
      cmd: "no such 'program'",
      runner: "slurm",
    });
    await untilIt(missing, isSettled);
    assertEquals([missing.status, missing.exit?.code], ["failed", 127]);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(names.sort(), ["-n", ".locks", "missing"]);
    await manager.removeAll();
  });

  await test.step("a runner that this version does not know is refused", async () => {
    await using jobs = new TempJobs();
    const job = await jobs.sh("job", "true");
    await untilIt(job, isSettled);
    const config = JSON.parse(
      await Deno.readTextFile(join(job.processDir, "config.json")),
    );
    const write = (runner_type: string) =>
      Deno.writeTextFile(
        join(job.processDir, "config.json"),
        JSON.stringify({ ...config, runner_type }),
      );
    await write("docker");
    await assertRejects(
      () => job.start(),
      Error,
      "Cannot start 'job' as its runner \"docker\" is unknown: this version has subprocess, slurm",
    );
    const { status, error } = await job.info();
    assertEquals(status, "unknown");
    assertMatch(error!, /its runner 'docker' is unknown/);
    await write("slurm");
  });

  await test.step("what Slurm refuses is reported in its words, and nothing remains", async () => {
    await using jobs = new TempJobs();
    await assertRejects(
      () => jobs.sh("job", "true", { partition: "nowhere" }),
      Error,
      `Cannot run 'job' as 'sbatch' reports: "invalid partition specified: nowhere; Batch job submission failed: Invalid partition name specified"`,
    );
    assertEquals(await jobs.manager.exists("job"), false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/ Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}
