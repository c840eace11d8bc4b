/**
 * The supervisor: a detached Deno program that is the parent of the processes
 * which one kernel starts. It outlives the kernel, ends a process at the end of
 * its time to live, and records with which code or signal it ended, which only
 * a parent learns. It exits after the last of its processes.
 *
 * There is one per kernel, as a Deno program takes tens of megabytes. It is not
 * a shell script, as a shell cannot distinguish a process that was ended by a
 * signal from one that exited with 128 + n.
 *
 * It reads one {@linkcode SupervisorRequest} per line from standard input, until
 * the kernel exits, and answers each with a {@linkcode SupervisorReply}.
 *
 * @module
 */
import type { ExitReason } from "../directory/formats.ts";
import { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { TextLineStream } from "../files/text_line_stream.ts";
import { describeWriteError } from "../files/write_error.ts";
import type { ProcessIdentity } from "../system/identity.ts";
import { localProcessTable } from "../system/local_process_table.ts";
import { type ExitStatus, killGroup, spawnDetached } from "./spawn.ts";
import { terminateTree } from "./terminate.ts";

/** A process to start. It travels to the supervisor as JSON. */
export interface StartRequest {
  /** The process's name. */
  readonly name: string;
  /** The path of its directory. */
  readonly dir: string;
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** The working directory. */
  readonly cwd: string;
  /** The environment, without the variables that name the process directory. */
  readonly env: Readonly<Record<string, string>>;
  /** Time to live, in seconds; null if unlimited. */
  readonly ttlSeconds: number | null;
}

/** A request to start a process. */
export interface SupervisorRequest {
  /** The id of the reply. */
  readonly id: number;
  /** What to start. */
  readonly start: StartRequest;
}

/** The reply to a request: a pid, or the reason for the failure. */
export type SupervisorReply =
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly error: string };

/** The module that is run as the supervisor; in a bundle, the bundle. */
export const SUPERVISOR_URL: string = import.meta.url;

/** The argument with which this module runs as the supervisor. */
export const SUPERVISOR_ARGUMENT = "--process-widget-supervisor";

/** Maximum time to wait in one timer, in ms: timers stop while the machine sleeps. */
const MAX_TIMER_MS = 30_000;

/**
 * Starts a process and supervises it: ends its tree at the end of its time to
 * live, and records its exit. The requester holds the directory's lock.
 *
 * @returns The pid, once the state is written.
 * @throws {ReasonError} If it cannot be started; nothing runs then, and no state
 * is left.
 */
export async function startAndSupervise(
  request: StartRequest,
): Promise<number> {
  const { cmd, cwd, env } = request;
  const directory = new ProcessDirectory(request.dir, request.name);
  // Before the start, as the process may report its health at once.
  await directory.removeHealth();
  const { pid, exit } = await spawnDetached({
    cmd,
    cwd,
    env: { ...env, ...directory.environment },
    stdout: directory.stdoutLog,
    stderr: directory.stderrLog,
  });
  try {
    const identity = await localProcessTable.find(pid);
    await directory.removeExit();
    if (identity === null) {
      // Already exited: there is an exit to record, but no state.
      await directory.writeExit({
        pid,
        createTime: null,
        ...await exit,
        exitedAt: Date.now(),
        reason: "exited",
      });
      return pid;
    }
    await directory.writeRunning(
      identity,
      await localProcessTable.find(Deno.pid),
    );
    supervise(directory, request.ttlSeconds, identity, exit);
    return pid;
  } catch (error) {
    killGroup(pid);
    await exit;
    await directory.removeState();
    throw new ReasonError(
      `its state cannot be written: ${describeWriteError(error)}`,
    );
  }
}

async function supervise(
  directory: ProcessDirectory,
  ttlSeconds: number | null,
  identity: ProcessIdentity,
  exit: Promise<ExitStatus>,
): Promise<void> {
  const { pid, startTime: createTime } = identity;
  const ttl = ttlSeconds === null
    ? null
    : terminateAfter(ttlSeconds * 1000, identity, directory);
  const { code, signal } = await exit;
  const exitedAt = Date.now();
  ttl?.cancel();
  const reason: ExitReason = ttl?.expired
    ? "ttl"
    : await directory.hasStopMarker(pid)
    ? "terminated"
    : "exited";
  try {
    await directory.recordExit({
      pid,
      createTime,
      code,
      signal,
      exitedAt,
      reason,
    });
  } catch (error) {
    // Visible only when the supervisor is run by hand.
    console.error(`Cannot record the exit of process ${pid}:`, error);
  }
}

/** Terminates a tree after a time by the system clock. */
function terminateAfter(
  ms: number,
  root: ProcessIdentity,
  directory: ProcessDirectory,
) {
  const due = Date.now() + ms;
  const ttl = {
    expired: false,
    cancel: () => clearTimeout(timer),
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const left = due - Date.now();
    if (left > 0) {
      timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS));
      return;
    }
    ttl.expired = true;
    terminateTree(root, { processDir: directory.path }).catch((error) =>
      console.error(`Cannot end process ${root.pid} at its TTL:`, error)
    );
  };
  wait();
  return ttl;
}

/** Serves requests until standard input and all processes have ended. */
async function serve(): Promise<void> {
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) answer(JSON.parse(line));
}

async function answer({ id, start }: SupervisorRequest): Promise<void> {
  try {
    await reply({ id, pid: await startAndSupervise(start) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await reply({ id, error: message });
  }
}

let writing: Promise<unknown> = Promise.resolve();

/** Writes replies one after the other. */
function reply(reply: SupervisorReply): Promise<unknown> {
  const bytes = new TextEncoder().encode(JSON.stringify(reply) + "\n");
  return writing = writing.then(async () => {
    try {
      for (let at = 0; at < bytes.length;) {
        at += await Deno.stdout.write(bytes.subarray(at));
      }
    } catch {
      // The kernel has exited, so nobody waits for the reply.
    }
  });
}

// Not `import.meta.main`, which a bundler replaces by false.
if (
  Deno.args[0] === SUPERVISOR_ARGUMENT && Deno.mainModule === SUPERVISOR_URL
) {
  await serve();
}
