/** What users pass to run a process as a Slurm job, and the options of `sbatch`. */
import { isStringList } from "../files/parsed_file.ts";
import { ReasonError } from "../files/reading.ts";
import { arrayTasks } from "./array.ts";

/**
 * Runs a process as a Slurm job. What is not given is up to the cluster; values
 * have the notation of `sbatch`.
 */
export interface SlurmOptions {
  /** The kind of runner. */
  type: "slurm";
  /** The partition, as in "debug". */
  partition?: string;
  /** CPUs for the process. */
  cpus?: number;
  /** Memory on each node, as in "4G"; without a unit in MiB. */
  memory?: string | number;
  /** GPUs, as in 1 or "a100:2". */
  gpus?: number | string;
  /**
   * The time limit, as in "2:00:00" or "1-12"; a number is in minutes. Not beside
   * `ttlSeconds`, which is rounded up to minutes.
   */
  time?: string | number;
  /** Nodes, as in 2 or "2-4". The process runs on the first of them. */
  nodes?: number | string;
  /**
   * Runs the process once for each index, as in "0-9%4" for ten tasks, of which at
   * most four run at a time. Each finds its own in `SLURM_ARRAY_TASK_ID`.
   */
  array?: string;
  /** More options of `sbatch`, one word each, as in "--qos=high". */
  options?: readonly string[];
}

/** The option of `sbatch` for each of ours. */
const FLAGS = {
  partition: "--partition",
  cpus: "--cpus-per-task",
  memory: "--mem",
  gpus: "--gpus",
  time: "--time",
  nodes: "--nodes",
  array: "--array",
} as const satisfies Partial<Record<keyof SlurmOptions, string>>;

const KEYS: readonly string[] = ["type", ...Object.keys(FLAGS), "options"];

/** Options that would break what a process directory promises. */
const TAKEN: readonly (readonly [option: RegExp, instead: string])[] = [
  [/^(-o|-e|--out|--err|--open-mode)/, "its output goes to its logs"],
  [/^(-a|--arr)/, "use 'runner.array'"],
  [/^(-D|--chd)/, "use 'cwd'"],
  [/^(-J|--job-n)/, "use 'name'"],
  [/^(-M|--clusters|--cluster=)/, "jobs run on the cluster of this machine"],
  [
    /^(-W|--wait$|--wrap|--pars|--test|-h$|--help|--usage|-V|--version)/,
    "it would not submit a job",
  ],
];

/**
 * Returns valid options unchanged.
 *
 * @throws {ReasonError} If one of them is invalid; the message names it.
 */
export function checkSlurmOptions(
  options: Readonly<Record<string, unknown>>,
): SlurmOptions {
  for (const [key, value] of Object.entries(options)) {
    if (!KEYS.includes(key)) {
      throw new ReasonError(
        `'runner' has no option '${key}': use some of ${KEYS.join(", ")}`,
      );
    }
    if (key !== "options" && value !== undefined) checkValue(key, value);
  }
  const { options: more = [] } = options;
  if (!isStringList(more)) {
    throw new ReasonError(
      `'runner.options' must be a list of strings: current value is ${
        Deno.inspect(more)
      }`,
    );
  }
  more.forEach(checkOption);
  if (options.array !== undefined) arrayTasks(String(options.array));
  return options as unknown as SlurmOptions;
}

function checkValue(key: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return;
  const isText = typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
  if (isText && key !== "cpus") return;
  throw new ReasonError(
    `'runner.${key}' must be ${
      key === "cpus" ? "a number" : "a word of 'sbatch', or a number"
    }: current value is ${Deno.inspect(value)}`,
  );
}

function checkOption(option: string): void {
  if (!option.startsWith("-") || option.includes("\0")) {
    throw new ReasonError(
      `'runner.options' must be options such as "--qos=high", one word each: current value is ${
        Deno.inspect(option)
      }`,
    );
  }
  const taken = TAKEN.find(([pattern]) => pattern.test(option));
  if (taken) {
    throw new ReasonError(
      `'runner.options' cannot have '${option}': ${taken[1]}`,
    );
  }
}

/** Returns the options of `sbatch`, one word each. */
export function sbatchOptions(
  runner: SlurmOptions,
  ttlSeconds: number | null,
): string[] {
  const given = Object.entries(FLAGS).flatMap(([key, flag]) => {
    const value = runner[key as keyof typeof FLAGS];
    return value === undefined ? [] : `${flag}=${value}`;
  });
  if (ttlSeconds !== null) given.push(`--time=${Math.ceil(ttlSeconds / 60)}`);
  return [...given, ...runner.options ?? []];
}

/**
 * Returns a path as a file name pattern of `sbatch` that stands for this path
 * only: "%" begins a replacement, unless there is a backslash anywhere.
 */
export function outputPattern(path: string): string {
  return path.includes("\\")
    ? path.replaceAll("\\", "\\\\")
    : path.replaceAll("%", "%%");
}
