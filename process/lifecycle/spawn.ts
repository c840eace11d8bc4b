import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import process from "node:process";
import { FILE_MODE } from "../files/atomic_write.ts";
import { gated, gatedChange } from "../files/gate.ts";
import { ReasonError } from "../files/reading.ts";
import { orNull } from "../files/regular_file.ts";
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
  const stdout = await openLog(options.stdout);
  try {
    const stderr = await openLog(options.stderr);
    try {
      const child = spawn(program, args, {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", stdout.fd, stderr.fd],
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
      await stderr.close();
    }
  } finally {
    await stdout.close();
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
  const info = await orNull(gated(path, () => Deno.stat(path)));
  if (info?.isDirectory) return;
  throw new ReasonError(
    info === null
      ? `its folder '${path}' does not exist: create it, or pass another 'cwd'`
      : `'${path}' is not a folder: pass another 'cwd'`,
  );
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Opens a log that only this user can read. Neither follows a symbolic link nor
 * blocks on a FIFO.
 */
async function openLog(path: string): Promise<FileHandle> {
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  let log: FileHandle | null = null;
  try {
    log = await gatedChange(
      path,
      () => open(path, flags, FILE_MODE),
      (late) => late.close(),
    );
    if (!(await log.stat()).isFile()) {
      throw new ReasonError(`'${path}' is not a regular file: remove it`);
    }
    // Refused by file systems without modes.
    await log.chmod(FILE_MODE).catch(() => {});
    return log;
  } catch (error) {
    await log?.close();
    throw new ReasonError(
      `its log cannot be opened: ${describeLogError(error, path)}`,
    );
  }
}

function describeLogError(error: unknown, path: string): string {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "ELOOP":
      return `'${path}' is a symbolic link: remove it`;
    case "ENXIO":
      return `'${path}' is not a regular file: remove it`;
    default:
      return describeWriteError(error);
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
