/**
 * Runs groups of tests: `test.ts [group …] [file …] [options of deno test]`,
 * and with `--headed` in a browser that can be watched.
 */

import { ensureBrowser } from "./browser.ts";
import { runChecks } from "./check.ts";
import {
  add,
  type Counts,
  denoTest,
  report,
  toTerminal,
  type Write,
} from "./deno_test.ts";
import { ensurePython } from "./python.ts";
import { task, TaskError } from "./project.ts";
import type { JupyterApp } from "./jupyter.ts";
import { shareServers } from "./shared_jupyter.ts";
import { ensureSlurm } from "./slurm.ts";

/** Number of test files that run at a time where files can share a server. */
const JOBS = 2;

/** How a group of tests runs. */
interface Group {
  /** The folders of its files. */
  readonly folders?: readonly string[];
  /** Options for `deno test`. */
  readonly options?: readonly string[];
  /** Whether it needs the Python environment. */
  readonly python?: boolean;
  /** Whether it needs a browser. */
  readonly browser?: boolean;
  /** Whether it needs Slurm, where that can be installed. */
  readonly slurm?: boolean;
  /** The Jupyter servers that its files share; they then run in parallel. */
  readonly shared?: readonly JupyterApp[];
}

const GROUPS: Record<string, Group> = {
  // Runs as a plain `deno test` does: without permissions.
  unit: {},
  // psutil is the reference for what the tests read from the system.
  files: {
    folders: ["tests/files/"],
    options: ["-A", "--v8-flags=--expose-gc"],
    python: true,
  },
  faults: {
    folders: ["tests/faults/"],
    options: ["-A"],
  },
  kernel: {
    folders: ["tests/kernel/"],
    options: ["-A"],
    python: true,
    shared: ["server"],
  },
  browser: {
    folders: ["tests/browser/"],
    options: ["-A"],
    python: true,
    browser: true,
    shared: ["lab", "notebook"],
  },
  // On a real cluster; the soak tests include what takes Slurm minutes.
  slurm: {
    folders: ["tests/slurm/"],
    options: ["-A"],
    python: true,
    slurm: true,
  },
  soak: {
    folders: ["tests/soak/", "tests/hosts/"],
    options: ["-A", "--v8-flags=--expose-gc"],
    python: true,
    browser: true,
    slurm: true,
  },
  // Each installs the host that it tests, in a separate environment.
  hosts: {
    folders: ["tests/hosts/"],
    options: ["-A"],
    python: true,
    browser: true,
  },
};

/**
 * What every change has to pass. The groups of a list run at the same time. Some
 * mostly wait, as for Slurm, and loading pages keeps both cores busy.
 */
const DEFAULT = [
  ["unit", "check", "faults", "slurm", "files"],
  ["browser", "kernel"],
];

/**
 * Runs groups of tests at the same time. Prints the output of the first at once,
 * and that of the others when all have ended.
 */
async function runTogether(
  names: readonly string[],
  args: string[],
  hasCheck: boolean,
): Promise<Counts> {
  const runs = names.map((name, index) => {
    const held: Uint8Array[] = [];
    const hold = (chunk: Uint8Array) => Promise.resolve(void held.push(chunk));
    const write = index === 0 ? toTerminal : hold;
    const counts = runGroup(name, args, { write, hasCheck });
    return { held, counts };
  });
  await Promise.allSettled(runs.map(({ counts }) => counts));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { held, counts } of runs) {
    for (const chunk of held) await toTerminal(chunk);
    add(total, await counts);
  }
  return total;
}

/** How a group runs. */
interface GroupRun {
  /** Where its output goes. */
  readonly write: Write;
  /** Whether `check` runs as well, which checks the types of all tests. */
  readonly hasCheck: boolean;
}

async function runGroup(
  name: string,
  args: string[],
  { write, hasCheck }: GroupRun,
): Promise<Counts> {
  if (name === "check") return await runChecks();
  await write(new TextEncoder().encode(`\n${name}\n`));
  const { folders = [], options = [], python, browser, slurm, shared } =
    GROUPS[name];
  if (python) await ensurePython();
  if (slurm) await ensureSlurm();
  const env: Record<string, string> = {};
  if (browser) env.CHROMIUM = await ensureBrowser();
  const headed = args.includes("--headed");
  if (headed) env.HEADED = "1";
  const rest = args.filter((arg) => arg !== "--headed");
  const hasFiles = rest.some((arg) => arg.endsWith(".ts"));
  const checked = hasCheck ? ["--no-check"] : [];
  const all = [...options, ...checked, ...hasFiles ? [] : folders, ...rest];
  if (!shared || args.length > 0) return await denoTest(all, env, write);
  // Ctrl-C ends the tests, but this program still has to stop the servers.
  Deno.addSignalListener("SIGINT", () => {});
  await using servers = await shareServers(
    Array(JOBS).fill(shared).flat(),
  );
  const parallel = { ...servers.env, DENO_JOBS: String(JOBS) };
  return await denoTest(["--parallel", ...all], { ...env, ...parallel }, write);
}

/** Starts to install what later groups need, while the first ones run. */
function installInBackground(): void {
  // Slurm after the browser, as there is one package manager.
  const browser = ensureBrowser();
  const slurm = browser.catch(() => {}).then(ensureSlurm);
  for (const installed of [ensurePython(), browser, slurm]) {
    // Reported by the group that needs it.
    installed.catch(() => {});
  }
}

/**
 * Splits the arguments of a task into groups of tests and options of `deno test`.
 *
 * @param defaults The groups if none is named.
 * @throws {TaskError} If there are options, but not one group.
 */
export function parseArguments(
  all: readonly string[],
  defaults: readonly string[],
): { groups: readonly string[]; args: string[] } {
  const isGroup = (arg: string) => arg in GROUPS || arg === "check";
  const first = all.findIndex((arg) => !isGroup(arg));
  const end = first < 0 ? all.length : first;
  const args = all.slice(end);
  const groups = end > 0 ? all.slice(0, end) : defaults;
  if (args.length > 0 && (groups.length !== 1 || groups[0] === "check")) {
    throw new TaskError(
      `Cannot run '${args[0]}' as it needs one group of tests: ` +
        `name one of ${Object.keys(GROUPS).join(", ")} before it`,
    );
  }
  return { groups, args };
}

if (import.meta.main) {
  await task(async () => {
    const { groups, args } = parseArguments(Deno.args, []);
    const steps = groups.length > 0 ? groups.map((group) => [group]) : DEFAULT;
    if (steps === DEFAULT) installInBackground();
    const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
    const hasCheck = steps.flat().includes("check");
    for (const step of steps) {
      add(counts, await runTogether(step, args, hasCheck));
    }
    report(counts);
    return counts.failed > 0 ? 1 : 0;
  });
}
