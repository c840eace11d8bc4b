/** What users pass to `run()` and `runFunction()`, validated once. */
import { checkProcessName } from "../directory/base_folder.ts";
import type { ProcessSpec, RunnerSpec } from "../directory/formats.ts";
import {
  isObject,
  isStringList,
  isStringRecord,
} from "../files/parsed_file.ts";
import { resolvePath } from "../files/path.ts";
import { ReasonError } from "../files/reading.ts";
import { checkVariable } from "../slurm/batch_script.ts";
import { checkSlurmOptions, type SlurmOptions } from "../slurm/options.ts";

/** A process to create. */
export interface CreateOptions {
  /**
   * The process's name: 1 to 100 letters, digits, `.`, `_` or `-`, not starting
   * with a dot.
   */
  name: string;
  /** The program, or the program with its arguments. No shell is involved. */
  cmd: string | readonly string[];
  /** Arguments that follow those in `cmd`. */
  args?: readonly string[];
  /** Environment variables on top of those of the kernel. */
  env?: Readonly<Record<string, string>>;
  /** The working directory. Default: the current one. */
  cwd?: string | URL;
  /** Seconds after which it is ended, even if the kernel has exited. */
  ttlSeconds?: number;
  /**
   * What runs it: this machine by default, or `"slurm"` or an object with its
   * options to submit it as a job to the cluster.
   */
  runner?: "subprocess" | "slurm" | SlurmOptions | { type: "subprocess" };
  /** Whether to terminate and remove an existing process of this name. */
  overwrite?: boolean;
}

/** Options of {@linkcode run}. */
export interface RunOptions extends CreateOptions {
  /** The base folder. Default: `~/.process-widget`. */
  dir?: string | URL;
}

/** Options of {@linkcode runFunction}. */
export interface RunFunctionOptions<Args extends unknown[]>
  extends Omit<RunOptions, "cmd" | "args"> {
  /** The arguments of the function: a list of JSON values. */
  args?: [...Args];
}

/**
 * Validates the options of a process, and fills in the defaults.
 *
 * @throws {TypeError} If an option has the wrong type, or the name is invalid.
 * @throws {RangeError} If the time to live is not above 0.
 */
export function resolveSpec(options: CreateOptions): ProcessSpec {
  const name = checkProcessName(options.name);
  const { cmd, args = [], env = {}, cwd, ttlSeconds = null } = options;
  const program = typeof cmd === "string" ? [cmd] : cmd;
  if (!isStringList(program) || !program[0]) {
    throw invalid(
      name,
      "cmd",
      "a program, or a list that starts with one",
      cmd,
    );
  }
  if (!isStringList(args)) {
    throw invalid(name, "args", "a list of strings", args);
  }
  const command = [...program, ...args];
  if (command.some((word) => word.includes("\0"))) {
    throw invalid(name, "cmd", "free of NUL characters", command);
  }
  if (!isStringRecord(env)) {
    throw invalid(name, "env", "an object of strings", env);
  }
  checkTtl(name, ttlSeconds);
  const runner = resolveRunner(name, options);
  return {
    name,
    cmd: command,
    env,
    cwd: cwd === undefined ? Deno.cwd() : resolvePath(cwd, "'cwd'"),
    ttlSeconds,
    ...runner && { runner },
  };
}

/** Returns null for the default. */
function resolveRunner(
  name: string,
  { runner = "subprocess", ttlSeconds, env }: CreateOptions,
): RunnerSpec | null {
  const spec: unknown = typeof runner === "string" ? { type: runner } : runner;
  if (!isObject(spec) || spec.type !== "subprocess" && spec.type !== "slurm") {
    throw invalid(
      name,
      "runner",
      '"subprocess", "slurm" or an object with one of them as its \'type\'',
      runner,
    );
  }
  if (spec.type === "subprocess") return null;
  try {
    const { ...options } = checkSlurmOptions(spec);
    Object.keys(env ?? {}).forEach(checkVariable);
    if (options.time !== undefined && ttlSeconds !== undefined) {
      throw new ReasonError(
        "both 'runner.time' and 'ttlSeconds' are its time limit: name one of them",
      );
    }
    return options;
  } catch (error) {
    if (!(error instanceof ReasonError)) throw error;
    throw new TypeError(`Cannot run '${name}' as ${error.message}`);
  }
}

function checkTtl(name: string, ttl: unknown): void {
  if (ttl === null) return;
  if (typeof ttl !== "number") {
    throw invalid(name, "ttlSeconds", "a number of seconds", ttl);
  }
  if (Number.isFinite(ttl) && ttl > 0) return;
  throw new RangeError(
    `Cannot run '${name}' as 'ttlSeconds' must be a finite number above 0: current value is ${ttl}`,
  );
}

function invalid(
  name: string,
  option: string,
  rule: string,
  value: unknown,
): TypeError {
  const shown = Deno.inspect(value, { depth: 1 });
  return new TypeError(
    `Cannot run '${name}' as '${option}' must be ${rule}: current value is ${shown}`,
  );
}
