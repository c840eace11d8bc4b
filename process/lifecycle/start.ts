/** Starts processes by means of a supervisor, which outlives this program. */
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { TextLineStream } from "../files/text_line_stream.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";
import {
  type StartRequest,
  SUPERVISOR_ARGUMENT,
  SUPERVISOR_URL,
  type SupervisorReply,
  type SupervisorRequest,
} from "./supervisor.ts";

/**
 * Starts the process of a directory as its config specifies.
 *
 * @throws {Error} If it is already running or cannot be started. The message is
 * the clause after "as" in "Cannot start 'x' as …".
 */
export async function startProcess(directory: ProcessDirectory): Promise<void> {
  using lock = await directory.lock();
  if (lock === null) {
    throw new ReasonError("its directory was removed: run it again");
  }
  await startLocked(directory);
}

/** Does the same for a caller that holds the directory's lock. */
export async function startLocked(directory: ProcessDirectory): Promise<void> {
  if (Deno.build.os === "windows") {
    throw new ReasonError(
      "Windows has no sessions and signals: run it on Linux or macOS",
    );
  }
  const running = await directory.findRunning();
  if (running !== null) {
    throw new ReasonError(
      `it is already running as process ${running.pid}: terminate it first, or restart it`,
    );
  }
  const config = await directory.readConfig();
  if (!config?.cmd?.length) {
    throw new ReasonError("its config.json has no 'cmd': run it again");
  }
  await startSupervised({
    name: directory.name,
    dir: directory.path,
    cmd: config.cmd,
    cwd: await directory.readCwd() ?? Deno.cwd(),
    env: { ...Deno.env.toObject(), ...config.env },
    ttlSeconds: config.ttlSeconds,
  });
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
  readonly #pending = new Map<number, PromiseWithResolvers<number>>();
  #lastId = 0;
  #exited = false;

  constructor() {
    this.#child = spawnSupervisor();
    this.#input = this.#child.stdin.getWriter();
    this.#child.unref();
    this.#readReplies();
  }

  /** Whether it has exited, so that it cannot start processes any more. */
  get exited(): boolean {
    return this.#exited;
  }

  /** See {@linkcode startSupervised}. */
  async start(start: StartRequest): Promise<number> {
    const id = ++this.#lastId;
    const pending = Promise.withResolvers<number>();
    this.#pending.set(id, pending);
    this.#child.ref();
    const request: SupervisorRequest = { id, start };
    const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
    // If it fails, so does reading the replies, which rejects `pending`.
    this.#input.write(line).catch(() => {});
    try {
      return await pending.promise;
    } finally {
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#child.unref();
    }
  }

  async #readReplies(): Promise<void> {
    const lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    try {
      for await (const line of lines) this.#settle(JSON.parse(line));
    } finally {
      this.#exited = true;
      for (const { reject } of this.#pending.values()) {
        reject(new ReasonError("its supervisor has exited: try again"));
      }
    }
  }

  #settle(reply: SupervisorReply): void {
    const pending = this.#pending.get(reply.id);
    if ("pid" in reply) pending?.resolve(reply.pid);
    else pending?.reject(new ReasonError(reply.error));
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
  if (supervisor === null || supervisor.exited) {
    supervisor = new SupervisorClient();
  }
  return supervisor.start(request);
}

function spawnSupervisor(): Deno.ChildProcess {
  const env = Deno.env.toObject();
  // If this program is itself a managed process, these would make the
  // supervisor, and everything it starts, a part of that process's tree.
  delete env[DIR_VARIABLE];
  delete env[NAME_VARIABLE];
  const flags = ["--quiet", "--no-lock", "--no-prompt", "-A"];
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
