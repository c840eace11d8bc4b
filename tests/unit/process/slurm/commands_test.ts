import { assertEquals } from "@std/assert";
import { messageIn } from "../../../../process/slurm/command.ts";
import {
  parseExitCode,
  parseLimit,
} from "../../../../process/slurm/notation.ts";
import { parseAccounting } from "../../../../process/slurm/sacct.ts";
import { parseJobDetails } from "../../../../process/slurm/scontrol.ts";
import { parseQueue } from "../../../../process/slurm/squeue.ts";
import { parseUsage } from "../../../../process/slurm/sstat.ts";

// The outputs are those of Slurm 22.05.8.

Deno.test("parseQueue reads pending, running and ended jobs", () => {
  const jobs = parseQueue(`\
4|PENDING|1827319143|1827319263|2:00|main||Resources
8_1|PENDING|N/A|N/A|UNLIMITED|main,debug||JobArrayTaskLimit
2|RUNNING|1795783143|1827319143|365-00:00:00|main|n[1-2]|None
6|FAILED|1795783143|1795783143|UNLIMITED|main||BadConstraints
`);
  assertEquals([...jobs.keys()], ["4", "8_1", "2", "6"]);
  assertEquals(jobs.get("4"), {
    state: "PENDING",
    reason: "Resources",
    startAt: 1827319143000,
    endAt: 1827319263000,
    limitSeconds: 120,
    partition: "main",
    nodes: null,
  });
  assertEquals(jobs.get("8_1")?.startAt, null);
  assertEquals(jobs.get("8_1")?.limitSeconds, null);
  assertEquals(jobs.get("2")?.nodes, "n[1-2]");
  assertEquals(parseQueue("").size, 0);
});

Deno.test("parseJobDetails reads what scontrol shows of a job", () => {
  const details = parseJobDetails(
    "JobId=1 JobName=job.sh UserId=root(0) JobState=FAILED Reason=NonZeroExitCode " +
      "Requeue=1 Restarts=0 ExitCode=3:0 StartTime=1795782825 EndTime=1795782828 " +
      "NodeList=n1 Command=/tmp/x JobState=RUNNING\n",
  );
  assertEquals(details, {
    state: "FAILED",
    reason: "NonZeroExitCode",
    by: null,
    code: 3,
    signal: null,
    endAt: 1795782828000,
    nodes: "n1",
  });
  assertEquals(parseJobDetails(""), null);
});

Deno.test("parseAccounting reads who cancelled a job, and the last run of a requeued one", () => {
  const jobs = parseAccounting(
    `\
12|CANCELLED by 1000|0:15|1795782828|n1|None
13|CANCELLED by 7|0:0|1795782828|None assigned|None
14|REQUEUED|0:0|1795782828|n1|None
14|TIMEOUT|0:0|1795782900|n2|None
`,
    new Map([["1000", "ada"]]),
  );
  assertEquals([jobs.get("12")?.state, jobs.get("12")?.by], [
    "CANCELLED",
    "ada",
  ]);
  assertEquals(jobs.get("12")?.signal, "SIGTERM");
  const { by, code, nodes } = jobs.get("13")!;
  assertEquals([by, code, nodes], ["user 7", null, null]);
  assertEquals([jobs.get("14")?.state, jobs.get("14")?.nodes], [
    "TIMEOUT",
    "n2",
  ]);
});

Deno.test("parseUsage adds up the steps of a job", () => {
  const usage = parseUsage(`\
33.batch|cpu=00:00:01,energy=0,fs/disk=4131,mem=1516K,pages=0,vmem=2592K
33.0|cpu=1-00:00:02,energy=0,mem=1M
34.extern|
`);
  assertEquals([...usage], [["33", {
    cpuSeconds: 86_403,
    memoryBytes: 1516 * 1024 + 1024 ** 2,
  }]]);
});

Deno.test("parseLimit reads every form of a time limit", () => {
  assertEquals(
    ["2:00", "1:30:00", "2-00:00:00", "0:10.5", "UNLIMITED", "NOT_SET", "90"]
      .map(parseLimit),
    [120, 5400, 172_800, 10, null, null, null],
  );
});

Deno.test("parseExitCode tells a code from a signal", () => {
  const parse = (text: string, state = "FAILED") => {
    const { code, signal } = parseExitCode(text, state);
    return code ?? signal;
  };
  assertEquals(
    [parse("3:0"), parse("0:9"), parse("137:0"), parse("0:0", "COMPLETED")],
    [3, "SIGKILL", "SIGKILL", 0],
  );
  assertEquals([parse("0:0", "CANCELLED"), parse("")], [null, null]);
});

Deno.test("messageIn quotes Slurm without its prefix", () => {
  assertEquals(
    messageIn("sbatch: error: a\nsbatch: error: b c\n\n", "sbatch"),
    '"a; b c"',
  );
  assertEquals(
    messageIn("slurm_load_jobs error: no\n", "squeue"),
    '"slurm_load_jobs error: no"',
  );
  assertEquals(messageIn("", "squeue"), "nothing");
});
