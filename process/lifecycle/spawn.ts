import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { ReasonError } from "../files/reading.ts";
import { describeWriteError } from "../files/write_error.ts";

/** What to run, and where its output goes. */
export interface SpawnOptions {
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** The working directory. */
  readonly cwd: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The file to which standard output is appended. */
  readonly stdout: string;
  /** The file to which standard error is appended. */
  readonly stderr: string;
}

/** A process that was started. */
export interface SpawnedProcess {
  /** Its pid, which is also the id of its session and process group. */
  readonly pid: number;
  /** Resolves when it has ended, while this program runs. */
  readonly exit: Promise<ExitStatus>;
}

/** How a process ended: with a code, or by a signal. */
export interface ExitStatus {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  /** The signal, as in "SIGTERM"; null if it exited by itself. */
  readonly signal: string | null;
}

/**
 * Starts a process in a new session, so that it outlives this program. Its
 * standard input is empty.
 *
 * @throws {ReasonError} If it cannot be started; nothing runs then.
 */
export async function spawnDetached(
  options: SpawnOptions,
): Promise<SpawnedProcess> {
  const { cwd, cmd: [program, ...args], env } = options;
  // A missing folder would be reported as a missing program.
  await checkFolder(cwd);
  const stdout = openLog(options.stdout);
  try {
    const stderr = openLog(options.stderr);
    try {
      const child = spawn(program, args, {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", stdout, stderr],
      });
      const exit = new Promise<ExitStatus>((resolve) =>
        child.once("exit", (code, signal) => resolve({ code, signal }))
      );
      await new Promise((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      return { pid: child.pid!, exit };
    } catch (error) {
      throw new ReasonError(describeSpawnError(error, program));
    } finally {
      closeSync(stderr);
    }
  } finally {
    closeSync(stdout);
  }
}

/** Kills a process group; does nothing if it has exited. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Exited in the meantime.
  }
}

async function checkFolder(path: string): Promise<void> {
  try {
    if ((await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ReasonError(
      `its folder '${path}' does not exist: create it, or pass another 'cwd'`,
    );
  }
  throw new ReasonError(`'${path}' is not a folder: pass another 'cwd'`);
}

function openLog(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new ReasonError(
      `its log cannot be opened: ${describeWriteError(error)}`,
    );
  }
}

function describeSpawnError(error: unknown, program: string): string {
  const text = error instanceof Error ? error.message : String(error);
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ENOENT":
      return `there is no program '${program}', or the interpreter it names is missing: install it, or pass its path`;
    case "EACCES":
      return `'${program}' is not executable: make it so (chmod +x), or name the program that runs it`;
    case "E2BIG":
      return "its arguments and environment are too long: pass them in a file";
    default:
      return `the system refuses to run '${program}': ${text}`;
  }
}
