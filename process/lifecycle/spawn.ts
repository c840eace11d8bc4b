/** A detached process with its logs in files. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { ReasonError } from "../files/reading.ts";

/** What to run, and where its output goes. */
export interface SpawnOptions {
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** The folder it runs in. */
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The file to which its standard output is appended. */
  readonly stdout: string;
  /** The file to which its standard error is appended. */
  readonly stderr: string;
}

/** A process that was started. */
export interface Spawned {
  /** Its id; that of its session and process group, too. */
  readonly pid: number;
  /** How it ends. This process must still be there to see it. */
  readonly ended: Promise<Ending>;
}

/** How a process ended: with a code, or by a signal. */
export interface Ending {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  /** The signal, as in "SIGTERM"; null when it exited by itself. */
  readonly signal: string | null;
}

/**
 * Starts a process in a session of its own, so that it outlives this one. It
 * reads nothing: its standard input is empty.
 *
 * @throws {ReasonError} If it cannot be started; nothing runs then. The message is
 * the reason.
 */
export async function spawnDetached(options: SpawnOptions): Promise<Spawned> {
  const { cwd, cmd: [program, ...args], env } = options;
  // Without this, the system would say "not found" and mean the program.
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
      const ended = new Promise<Ending>((resolve) =>
        child.once("exit", (code, signal) => resolve({ code, signal }))
      );
      await new Promise((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      return { pid: child.pid!, ended };
    } catch (error) {
      throw new ReasonError(reasonOf(error, program));
    } finally {
      closeSync(stderr);
    }
  } finally {
    closeSync(stdout);
  }
}

/** Ends a process and all of its group that were only just started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

async function checkFolder(path: string): Promise<void> {
  try {
    if ((await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ReasonError(
      `its folder '${path}' does not exist: make it, or give another 'cwd'`,
    );
  }
  throw new ReasonError(`'${path}' is not a folder: give another 'cwd'`);
}

function openLog(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new ReasonError(`its log cannot be opened: ${reasonToWrite(error)}`);
  }
}

/** Why something cannot be written, and what to do about it. */
export function reasonToWrite(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return `permission is denied (${text}): let this user write there`;
    case "EROFS":
      return `the file system is read-only (${text})`;
    case "ENOSPC":
    case "EDQUOT":
      return `no space is left on the disk (${text}): make room there`;
    default:
      return text;
  }
}

function reasonOf(error: unknown, program: string): string {
  const text = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case "ENOENT":
      return `there is no program '${program}', or the interpreter it names is missing: install it, or give its path`;
    case "EACCES":
      return `'${program}' is not executable: make it so (chmod +x), or name the program that runs it`;
    case "E2BIG":
      return "its arguments and environment are too long: pass them in a file";
    default:
      return `the system refuses to run '${program}': ${text}`;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
