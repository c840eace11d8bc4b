/** Starts processes by means of a supervisor, which outlives this program. */
import { delay } from "@std/async";
import { dirname } from "@std/path";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { TextLineStream } from "../files/text_line_stream.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";
import { readUptime } from "../system/uptime.ts";
import {
  type StartRequest,
  SUPERVISOR_ARGUMENT,
  SUPERVISOR_URL,
  type SupervisorReply,
  type SupervisorRequest,
} from "./supervisor.ts";
import { terminateTree } from "./terminate.ts";

/** How long a supervisor may take to read a request, in milliseconds. */
const RECEIVE_MS = 5000;

/** How much longer its reply may take to arrive, in milliseconds: it discards a
 * request that it reads too late, so a request is never reported as failed and
 * carried out all the same. */
const MARGIN_MS = 1000;

/** How long it may take to start a process, in milliseconds: more than it waits
 * for another kernel to unlock the directory. */
const START_MS = 20_000;

/** Limits V8's young generation, in MiB: it grows with the number of starts, and
 * the supervisor is idle afterwards. */
const SMALL_HEAP = "--v8-flags=--max-semi-space-size=1";

/** A supervisor that exits sooner is not replaced, in milliseconds: the next one
 * would most likely exit as well. */
const MIN_LIFE_MS = 2000;

/**
 * Starts the process of a directory as its config specifies.
 *
 * @throws {Error} If it is already running or cannot be started. The message is
 * the clause after "as" in "Cannot start 'x' as …".
 */
export async function startProcess(directory: ProcessDirectory): Promise<void> {
  if (Deno.build.os === "windows") {
    throw new ReasonError(
      "Windows has no sessions and signals: run it on Linux or macOS",
    );
  }
  try {
    await startSupervised({
      name: directory.name,
      dir: directory.path,
      cwd: Deno.cwd(),
      env: Deno.env.toObject(),
      deadline: readUptime() + RECEIVE_MS / 1000,
    });
  } catch (error) {
    if (error instanceof SupervisorExited) await removeUnrecorded(directory);
    throw error;
  }
}

/** The supervisor has exited: it may have started a process without recording it. */
class SupervisorExited extends ReasonError {}

async function removeUnrecorded(directory: ProcessDirectory): Promise<void> {
  if (await directory.findRunning() !== null) return;
  await terminateTree(null, { processDir: directory.path, graceMs: 0 });
}

/** A request that has not been replied to. */
interface PendingStart extends PromiseWithResolvers<number> {
  /** Resolves when the supervisor has read the request. */
  readonly received: PromiseWithResolvers<void>;
}

/**
 * A running supervisor.
 *
 * It exits when this program and all processes that it started have exited. It
 * does not keep this program from exiting.
 */
class SupervisorClient {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #pending = new Map<number, PendingStart>();
  readonly #bases: Set<string>;
  readonly #startedAt = performance.now();
  #lastId = 0;
  #usable = true;

  /** @param bases Folders whose processes it takes over. */
  constructor(bases: Iterable<string> = []) {
    this.#child = spawnSupervisor();
    this.#input = this.#child.stdin.getWriter();
    this.#child.unref();
    this.#bases = new Set(bases);
    for (const adopt of this.#bases) this.#send({ adopt });
    this.#readReplies();
  }

  /** Whether it can start processes: it has not exited, and responds. */
  get usable(): boolean {
    return this.#usable;
  }

  /** See {@linkcode startSupervised}. */
  async start(start: StartRequest): Promise<number> {
    const id = ++this.#lastId;
    const pending: PendingStart = {
      ...Promise.withResolvers<number>(),
      received: Promise.withResolvers<void>(),
    };
    this.#pending.set(id, pending);
    this.#bases.add(dirname(start.dir));
    this.#child.ref();
    this.#send({ id, start });
    try {
      await this.#withTimeout(
        Promise.race([pending.received.promise, pending.promise]),
        RECEIVE_MS + MARGIN_MS,
        `its supervisor, process ${this.#child.pid}, does not respond: try again`,
      );
      return await this.#withTimeout(
        pending.promise,
        START_MS,
        `it has not started within ${
          START_MS / 1000
        } s, but may still do so: see whether the file system of '${start.dir}' responds`,
      );
    } finally {
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#child.unref();
    }
  }

  /** Gives up on the supervisor if it does not reply in time. */
  async #withTimeout<T>(
    reply: Promise<T>,
    ms: number,
    reason: string,
  ): Promise<T> {
    const replied = new AbortController();
    const timeout = async () => {
      await delay(ms, { signal: replied.signal });
      // If other code kept this program busy, the reply is read only now.
      await delay(MARGIN_MS, { signal: replied.signal });
      this.#usable = false;
      throw new ReasonError(reason);
    };
    try {
      return await Promise.race([reply, timeout()]);
    } finally {
      replied.abort();
    }
  }

  #send(request: SupervisorRequest): void {
    const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
    // If it fails, so does reading the replies, which rejects what is pending.
    this.#input.write(line).catch(() => {});
  }

  async #readReplies(): Promise<void> {
    const lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    try {
      for await (const line of lines) this.#settle(JSON.parse(line));
    } finally {
      this.#usable = false;
      for (const { reject } of this.#pending.values()) {
        reject(new SupervisorExited("its supervisor has exited: try again"));
      }
      this.#replace();
    }
  }

  #settle(reply: SupervisorReply): void {
    const pending = this.#pending.get(reply.id);
    if ("received" in reply) pending?.received.resolve();
    else if ("pid" in reply) pending?.resolve(reply.pid);
    else pending?.reject(new ReasonError(reply.error));
  }

  /** Has another supervisor take over what this one started. */
  #replace(): void {
    const lived = performance.now() - this.#startedAt;
    if (lived < MIN_LIFE_MS || supervisor !== this) return;
    supervisor = new SupervisorClient(this.#bases);
  }
}

let supervisor: SupervisorClient | null = null;

/**
 * Starts a process as the child of a supervisor, which outlives this program.
 *
 * @returns Its pid, once its state is written.
 * @throws {ReasonError} If it cannot be started.
 */
function startSupervised(request: StartRequest): Promise<number> {
  if (!supervisor?.usable) supervisor = new SupervisorClient();
  return supervisor.start(request);
}

function spawnSupervisor(): Deno.ChildProcess {
  const env = Deno.env.toObject();
  // If this program is itself a managed process, these would make the
  // supervisor, and everything it starts, a part of that process's tree.
  delete env[DIR_VARIABLE];
  delete env[NAME_VARIABLE];
  const flags = ["--quiet", "--no-lock", "--no-prompt", "-A", SMALL_HEAP];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, SUPERVISOR_URL, SUPERVISOR_ARGUMENT],
    env,
    clearEnv: true,
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}
