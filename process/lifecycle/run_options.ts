/** What a caller says of a process to run, checked once at the edge. */
import { isStringList, isStringRecord } from "../files/json.ts";
import type { ProcessSpec } from "../directory/process_directory.ts";
import { checkProcessName } from "../directory/names.ts";
import { resolvePath } from "../files/path.ts";

/** How long and where a process runs. */
export interface LaunchOptions {
  /**
   * The process's name: 1 to 100 letters, digits, `.`, `_` or `-`, not starting
   * with a dot.
   */
  name: string;
  /** Environment variables on top of those of the kernel. */
  env?: Readonly<Record<string, string>>;
  /** The folder it runs in. Default: the current one. */
  cwd?: string | URL;
  /** Ends it after so many seconds, whether the kernel is still there or not. */
  ttlSeconds?: number;
}

/** A process to make. */
export interface CreateOptions extends LaunchOptions {
  /** The program, or the program with its arguments. No shell is involved. */
  cmd: string | readonly string[];
  /** Arguments that follow those in `cmd`. */
  args?: readonly string[];
  /** Whether a process of this name is terminated and removed before. */
  overwrite?: boolean;
}

/** Options of {@linkcode run}. */
export interface RunOptions extends CreateOptions {
  /** The base folder. Default: `~/.process-widget`. */
  dir?: string | URL;
}

/** Options of {@linkcode runFunction}. */
export interface RunFunctionOptions<Args extends unknown[]>
  extends LaunchOptions {
  /** What the function is called with: a list of JSON values. */
  args?: [...Args];
  /** Whether a process of this name is terminated and removed before. */
  overwrite?: boolean;
  /** The base folder. Default: `~/.process-widget`. */
  dir?: string | URL;
}

/**
 * Checks what a caller says, and fills in what was left out.
 *
 * @throws {TypeError} If an option is of a wrong type, or the name is none.
 * @throws {RangeError} If the time to live is not above 0.
 */
export function specOf(options: CreateOptions): ProcessSpec {
  const name = checkProcessName(options.name);
  const { cmd, args = [], env = {}, cwd, ttlSeconds = null } = options;
  const program = typeof cmd === "string" ? [cmd] : cmd;
  if (!isStringList(program) || !program[0]) {
    throw refusal(name, "cmd", "a program, or a list with one first", cmd);
  }
  if (!isStringList(args)) {
    throw refusal(name, "args", "a list of strings", args);
  }
  const command = [...program, ...args];
  if (command.some((word) => word.includes("\0"))) {
    throw refusal(name, "cmd", "free of NUL characters", command);
  }
  if (!isStringRecord(env)) {
    throw refusal(name, "env", "an object of strings", env);
  }
  checkTtl(name, ttlSeconds);
  return {
    name,
    cmd: command,
    env,
    cwd: cwd === undefined ? Deno.cwd() : resolvePath(cwd, "'cwd'"),
    ttlSeconds,
  };
}

function checkTtl(name: string, ttl: unknown): void {
  if (ttl === null) return;
  if (typeof ttl !== "number") {
    throw refusal(name, "ttlSeconds", "a number of seconds", ttl);
  }
  if (Number.isFinite(ttl) && ttl > 0) return;
  throw new RangeError(
    `Cannot run '${name}' as 'ttlSeconds' must be a finite number above 0: current value is ${ttl}`,
  );
}

function refusal(
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
