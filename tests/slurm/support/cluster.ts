/** A real Slurm cluster on this machine, for one file of tests. */
import { delay } from "@std/async";
import { join } from "@std/path";
import { freePort } from "../../hosts/support/free_port.ts";

const CONTROL_GROUPS = "/sys/fs/cgroup";
const MEMORY_GROUP = `${CONTROL_GROUPS}/memory`;

/** Why there can be no cluster here; null if there can. */
const obstacle: string | null = findObstacle();

function findObstacle(): string | null {
  if (Deno.build.os !== "linux") return "Slurm runs on Linux";
  if (Deno.uid() !== 0) return "Slurm's daemons need root";
  for (
    const daemon of ["munged", "slurmctld", "slurmd", "slurmdbd", "mariadbd"]
  ) {
    try {
      Deno.statSync(`/usr/sbin/${daemon}`);
    } catch {
      return `there is no ${daemon}: 'deno task test:slurm' installs it on Debian`;
    }
  }
  return null;
}

/** Why control groups cannot limit the memory of jobs here; null if they can. */
const limitObstacle: string | null = obstacle ?? findLimitObstacle();

function findLimitObstacle(): string | null {
  try {
    Deno.mkdirSync(`${MEMORY_GROUP}/test`);
    Deno.removeSync(`${MEMORY_GROUP}/test`);
    return null;
  } catch {
    return `control groups of version 1 cannot be created in ${MEMORY_GROUP}`;
  }
}

/** Tests with a cluster, or names the reason why that is not possible. */
export function testSlurm(
  name: string,
  fn: (test: Deno.TestContext) => Promise<void>,
  missing: string | null = obstacle,
): void {
  const reason = missing === null ? "" : ` (skipped: ${missing})`;
  Deno.test({ name: `${name}${reason}`, ignore: missing !== null, fn });
}

/** Does the same for a test that needs control groups. */
export function testSlurmLimits(name: string, fn: () => Promise<void>): void {
  testSlurm(name, fn, limitObstacle);
}

/** Options of {@linkcode Cluster.start}. */
export interface ClusterOptions {
  /** Lines to add to `slurm.conf`. */
  readonly config?: readonly string[];
  /** Whether control groups limit the memory of jobs. Default false. */
  readonly controlGroups?: boolean;
  /** Whether jobs are accounted for, in a database. Default false. */
  readonly accounting?: boolean;
}

const START_MS = 20_000;

/**
 * A cluster with two nodes, whose daemons all run on this machine. Its commands
 * are first in this program's path, and count their calls.
 */
export class Cluster implements AsyncDisposable {
  /** The folder of its files. */
  readonly folder: string;
  readonly #daemons = new Map<string, Deno.ChildProcess>();
  readonly #ports = { slurmdbd: freePort(), mariadb: freePort() };
  readonly #environment = {
    PATH: Deno.env.get("PATH")!,
    SLURM_CONF: Deno.env.get("SLURM_CONF"),
  };

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts a cluster, and waits until its nodes are idle. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const folder = await Deno.makeTempDir({ prefix: "slurm-" });
    const cluster = new Cluster(folder);
    try {
      await cluster.#configure(options);
      await cluster.#begin(options.accounting ?? false);
      return cluster;
    } catch (error) {
      const logs = await cluster.#readLogs();
      await cluster[Symbol.asyncDispose]();
      throw new Error(`Cannot start Slurm: ${error}\n${logs}`);
    }
  }

  /** The environment with which its commands find it. */
  get env(): { readonly PATH: string; readonly SLURM_CONF: string } {
    return {
      PATH: `${this.#file("bin")}:${this.#environment.PATH}`,
      SLURM_CONF: this.#file("slurm.conf"),
    };
  }

  /** Runs a command of Slurm, and returns what it prints. */
  async run(command: string, ...args: string[]): Promise<string> {
    const SLURM_CONF = this.#file("slurm.conf");
    return await execute(`/usr/bin/${command}`, args, { SLURM_CONF });
  }

  /** Returns when this program called a command, in epoch seconds. */
  async calls(command: string): Promise<number[]> {
    const log = await Deno.readTextFile(this.#file("calls.log"));
    return log.split("\n").filter((line) => line.startsWith(`${command} `))
      .map((line) => Number(line.split(" ")[1]));
  }

  /** Stops a daemon, as in "slurmctld". */
  async stop(daemon: string): Promise<void> {
    const child = this.#daemons.get(daemon);
    if (child === undefined) return;
    this.#daemons.delete(daemon);
    try {
      child.kill("SIGTERM");
    } catch {
      // It has exited.
    }
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.status;
    clearTimeout(timer);
  }

  /** Starts the controller again after it was stopped. */
  async startController(): Promise<void> {
    this.#spawn("slurmctld", ["/usr/sbin/slurmctld", "-D"]);
    await this.#until("the controller responds", async () => {
      await this.run("scontrol", "ping");
      return true;
    });
  }

  /** Ends all jobs and daemons, and removes the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#daemons.has("slurmctld")) {
      await this.run("scancel", "--user=root").catch(() => {});
      await this.#until(
        "all jobs have ended",
        async () => await this.run("squeue", "--noheader") === "",
      ).catch(() => {});
    }
    for (const daemon of [...this.#daemons.keys()]) await this.stop(daemon);
    await removeControlGroups();
    for (const [name, value] of Object.entries(this.#environment)) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.remove(this.folder, { recursive: true });
  }

  #file(name: string): string {
    return join(this.folder, name);
  }

  async #configure(
    { config = [], controlGroups = false, accounting = false }: ClusterOptions,
  ): Promise<void> {
    for (const name of ["bin", "munge", "state", "n1", "n2"]) {
      await Deno.mkdir(this.#file(name), { mode: 0o755 });
    }
    await Deno.chmod(this.folder, 0o755);
    const key = crypto.getRandomValues(new Uint8Array(128));
    await Deno.writeFile(this.#file("munge/key"), key, { mode: 0o400 });
    const host = Deno.hostname();
    await Deno.writeTextFile(
      this.#file("slurm.conf"),
      [
        "ClusterName=test",
        `SlurmctldHost=${host}(127.0.0.1)`,
        `SlurmctldPort=${freePort()}`,
        "AuthType=auth/munge",
        `AuthInfo=socket=${this.#file("munge/socket")}`,
        "SlurmUser=root",
        `StateSaveLocation=${this.#file("state")}`,
        `SlurmdSpoolDir=${this.#file("%n")}`,
        `SlurmctldPidFile=${this.#file("slurmctld.pid")}`,
        `SlurmdPidFile=${this.#file("slurmd.%n.pid")}`,
        "SelectType=select/cons_tres",
        "SelectTypeParameters=CR_Core_Memory",
        "DefMemPerCPU=10",
        "JobAcctGatherType=jobacct_gather/linux",
        "JobAcctGatherFrequency=1",
        // Schedules at once, as nothing else is to be done.
        "SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0,requeue_delay=0",
        "KillWait=3",
        "MessageTimeout=2",
        "SlurmctldTimeout=2",
        "MpiDefault=none",
        "SlurmdParameters=config_overrides",
        "ReturnToService=2",
        ...["n1", "n2"].map((node) =>
          `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${freePort()} CPUs=64 RealMemory=4000`
        ),
        "PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE",
        ...accounting
          ? [
            "AccountingStorageType=accounting_storage/slurmdbd",
            "AccountingStorageHost=127.0.0.1",
            `AccountingStoragePort=${this.#ports.slurmdbd}`,
            // Where munged listens.
            `AccountingStoragePass=${this.#file("munge/socket")}`,
          ]
          : [],
        ...controlGroups
          ? ["ProctrackType=proctrack/cgroup", "TaskPlugin=task/cgroup"]
          : ["ProctrackType=proctrack/linuxproc", "TaskPlugin=task/none"],
        ...config,
        "",
      ].join("\n"),
    );
    if (accounting) await this.#configureAccounting(host);
    await Deno.writeTextFile(
      this.#file("cgroup.conf"),
      "CgroupPlugin=cgroup/v1\nConstrainRAMSpace=yes\nConstrainSwapSpace=yes\n",
    );
    await Deno.writeTextFile(this.#file("calls.log"), "");
    for (
      const command of [
        "sbatch",
        "squeue",
        "scancel",
        "scontrol",
        "sacct",
        "sstat",
      ]
    ) {
      const script = `#!/bin/sh
echo "${command} $(date +%s.%N)" >>'${this.#file("calls.log")}'
exec /usr/bin/${command} "$@"
`;
      await Deno.writeTextFile(this.#file(`bin/${command}`), script, {
        mode: 0o755,
      });
    }
  }

  async #configureAccounting(host: string): Promise<void> {
    const lines = [
      "AuthType=auth/munge",
      `AuthInfo=socket=${this.#file("munge/socket")}`,
      `DbdHost=${host}`,
      "DbdAddr=127.0.0.1",
      `DbdPort=${this.#ports.slurmdbd}`,
      "SlurmUser=root",
      "StorageType=accounting_storage/mysql",
      "StorageHost=127.0.0.1",
      `StoragePort=${this.#ports.mariadb}`,
      "StorageUser=slurm",
      "StoragePass=slurm",
      `PidFile=${this.#file("slurmdbd.pid")}`,
      "",
    ];
    const path = this.#file("slurmdbd.conf");
    await Deno.writeTextFile(path, lines.join("\n"), { mode: 0o600 });
  }

  async #startAccounting(): Promise<void> {
    const data = `--datadir=${this.#file("data")}`;
    const socket = `--socket=${this.#file("mariadb.socket")}`;
    const options = ["--no-defaults", "--user=root", data];
    await execute("/usr/bin/mariadb-install-db", [
      ...options,
      "--skip-test-db",
      "--auth-root-authentication-method=normal",
    ]);
    this.#spawn("mariadb", [
      "/usr/sbin/mariadbd",
      ...options,
      socket,
      `--port=${this.#ports.mariadb}`,
      "--bind-address=127.0.0.1",
      `--pid-file=${this.#file("mariadb.pid")}`,
    ]);
    const sql = "CREATE USER slurm@'127.0.0.1' IDENTIFIED BY 'slurm'; " +
      "GRANT ALL ON slurm_acct_db.* TO slurm@'127.0.0.1'";
    await this.#until("the database responds", async () => {
      await execute("/usr/bin/mariadb", ["--no-defaults", socket, `-e${sql}`]);
      return true;
    });
    this.#spawn("slurmdbd", ["/usr/sbin/slurmdbd", "-D"]);
    await this.#until("the accounting knows the cluster", async () => {
      await this.run("sacctmgr", "--immediate", "add", "cluster", "test");
      return true;
    });
  }

  async #begin(accounting: boolean): Promise<void> {
    for (const [name, value] of Object.entries(this.env)) {
      Deno.env.set(name, value);
    }
    this.#spawn("munged", [
      "/usr/sbin/munged",
      "--foreground",
      "--force",
      `--key-file=${this.#file("munge/key")}`,
      `--socket=${this.#file("munge/socket")}`,
      `--pid-file=${this.#file("munge/pid")}`,
      `--log-file=${this.#file("munge/log")}`,
      `--seed-file=${this.#file("munge/seed")}`,
    ]);
    await this.#until("munged listens", async () => {
      await Deno.stat(this.#file("munge/socket"));
      return true;
    });
    if (accounting) await this.#startAccounting();
    await this.startController();
    for (const node of ["n1", "n2"]) {
      this.#spawn(node, ["/usr/sbin/slurmd", "-D", "-N", node]);
    }
    await this.#until("the nodes are idle", async () => {
      const states = await this.run("sinfo", "--noheader", "--format=%T %D");
      return states.trim() === "idle 2";
    });
  }

  #spawn(name: string, [program, ...args]: string[]): void {
    const log = this.#file(`${name}.log`);
    // A daemon logs more than a pipe holds.
    const script = 'log=$1; shift; exec "$@" >>"$log" 2>&1';
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", script, "sh", log, program, ...args],
      env: { SLURM_CONF: this.#file("slurm.conf") },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#daemons.set(name, child);
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + START_MS;
    let reason: unknown = "it is not so";
    while (performance.now() < end) {
      try {
        if (await condition()) return;
      } catch (error) {
        reason = error;
      }
      await delay(50);
    }
    throw new Error(`Waited in vain until ${what}: ${reason}`);
  }

  async #readLogs(): Promise<string> {
    let text = "";
    for (const name of this.#daemons.keys()) {
      const log = await Deno.readTextFile(this.#file(`${name}.log`))
        .catch(() => "");
      text += `${name}:\n${log.slice(-1500)}\n`;
    }
    return text;
  }
}

/** Removes the control groups that the nodes leave behind, which are empty. */
async function removeControlGroups(): Promise<void> {
  const controllers = await Array.fromAsync(Deno.readDir(CONTROL_GROUPS))
    .catch(() => []);
  for (const { name } of controllers) {
    for (const node of ["n1", "n2"]) {
      const path = join(CONTROL_GROUPS, name, `slurm_${node}`);
      await Deno.remove(path).catch(() => {});
    }
  }
}

/** Runs a program, and returns what it prints. */
async function execute(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    env,
  }).output();
  const [output, errors] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  if (success) return output;
  throw new Error(`${program} ${args.join(" ")}: ${errors}${output}`);
}
