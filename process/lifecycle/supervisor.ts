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
 * the kernel exits, and writes one {@linkcode SupervisorReply} per line to
 * standard output. The start of a process belongs to it, not to the kernel: if
 * the kernel exits meanwhile, the directory stays locked until the process is
 * recorded.
 *
 * @module
 */
import { dirname } from "@std/path";
import type { ProcessConfig } from "../directory/formats.ts";
import { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { TextLineStream } from "../files/text_line_stream.ts";
import { describeWriteError } from "../files/write_error.ts";
import { localProcessTable } from "../system/local_process_table.ts";
import { readUptime } from "../system/uptime.ts";
import { killGroup, spawnDetached } from "./spawn.ts";
import { adoptOrphans, supervise } from "./supervision.ts";

/** A process to start. It travels to the supervisor as JSON. */
export interface StartRequest {
  /** The process's name. */
  readonly name: string;
  /** The path of its directory, which says what to run. */
  readonly dir: string;
  /** The working directory if the process directory records none. */
  readonly cwd: string;
  /** The environment that its own variables are added to. */
  readonly env: Readonly<Record<string, string>>;
  /** Until when it may be started, in seconds of uptime: then nobody waits for
   * it any more. */
  readonly deadline: number;
}

/** A request to start a process, or to take over the processes in a folder. */
export type SupervisorRequest =
  | {
    /** The id of the replies. */
    readonly id: number;
    /** What to start. */
    readonly start: StartRequest;
  }
  | {
    /** The base folder with processes whose supervisor may have been killed. */
    readonly adopt: string;
  };

/** A reply to a request to start: that it was read, and then its result. */
export type SupervisorReply =
  | { readonly id: number; readonly received: true }
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly error: string };

/** The module that is run as the supervisor; in a bundle, the bundle. */
export const SUPERVISOR_URL: string = import.meta.url;

/** The argument with which this module runs as the supervisor. */
export const SUPERVISOR_ARGUMENT = "--process-widget-supervisor";

/**
 * Starts the process of a directory as its config specifies, and supervises it.
 *
 * @returns The pid, once its state is written.
 * @throws {ReasonError} If it is already running or cannot be started; nothing
 * that was started here runs then.
 */
async function start(request: StartRequest): Promise<number> {
  const directory = new ProcessDirectory(request.dir, request.name);
  using lock = await directory.lock();
  if (lock === null) {
    throw new ReasonError("its directory was removed: run it again");
  }
  const running = await directory.findRunning();
  if (running !== null) {
    throw new ReasonError(
      `it is already running as process ${running.pid}: terminate it first, or restart it`,
    );
  }
  await directory.secure();
  const config = await directory.readConfig();
  if (!config?.cmd?.length) {
    throw new ReasonError("its config.json has no 'cmd': run it again");
  }
  if (readUptime() > request.deadline) {
    throw new ReasonError("its supervisor was too busy: try again");
  }
  return await spawnAndSupervise(directory, request, {
    ...config,
    cmd: config.cmd,
  });
}

async function spawnAndSupervise(
  directory: ProcessDirectory,
  { cwd, env }: StartRequest,
  config: ProcessConfig & { readonly cmd: readonly string[] },
): Promise<number> {
  // Before the start, as the process may report its health at once.
  await directory.removeHealth();
  const { pid, exit } = await spawnDetached({
    cmd: config.cmd,
    cwd: await directory.readCwd() ?? cwd,
    env: { ...env, ...config.env, ...directory.environment },
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
    supervise(directory, identity, config.ttlSeconds, exit);
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

/** Serves requests until standard input and all processes have ended. */
async function serve(): Promise<void> {
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) handle(JSON.parse(line));
}

async function handle(request: SupervisorRequest): Promise<void> {
  if ("adopt" in request) return await adopt(request.adopt);
  const { id } = request;
  await reply({ id, received: true });
  try {
    await reply({ id, pid: await start(request.start) });
  } catch (error) {
    await reply({ id, error: describeWriteError(error) });
  }
  await adopt(dirname(request.start.dir));
}

/** Takes over the processes of a base folder whose supervisor was killed. */
async function adopt(base: string): Promise<void> {
  const self = await localProcessTable.find(Deno.pid);
  if (self !== null) await adoptOrphans(base, self);
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
