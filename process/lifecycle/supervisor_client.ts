/** The kernel's side of its supervisor. */
import { TextLineStream } from "../files/text_line_stream.ts";
import { ReasonError } from "../files/reading.ts";
import type { StartRequest } from "./start.ts";
import {
  SUPERVISOR_ARGUMENT,
  SUPERVISOR_URL,
  type SupervisorReply,
  type SupervisorRequest,
} from "./supervisor.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";

/** What waits for the reply to a request. */
type Pending = PromiseWithResolvers<number>;

/**
 * A supervisor, started with the first process that it is to start.
 *
 * It stays until this program and all of those processes have ended. A program
 * ends when nothing else keeps it, supervisor or not.
 */
class Supervision {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ended = false;

  constructor() {
    this.#child = launch();
    this.#input = this.#child.stdin.getWriter();
    this.#child.unref();
    this.#listen();
  }

  /** Whether it can start processes. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** See {@linkcode startSupervised}. */
  async start(start: StartRequest): Promise<number> {
    const id = ++this.#lastId;
    const pending: Pending = Promise.withResolvers();
    this.#pending.set(id, pending);
    this.#child.ref();
    const request: SupervisorRequest = { id, start };
    const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
    // Should it fail, then the output ends, too, and tells the caller.
    this.#input.write(line).catch(() => {});
    try {
      return await pending.promise;
    } finally {
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#child.unref();
    }
  }

  async #listen(): Promise<void> {
    const lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    try {
      for await (const line of lines) this.#settle(JSON.parse(line));
    } finally {
      this.#ended = true;
      for (const { reject } of this.#pending.values()) {
        reject(new ReasonError("its supervisor has ended: try again"));
      }
    }
  }

  #settle(reply: SupervisorReply): void {
    const pending = this.#pending.get(reply.id);
    if ("pid" in reply) pending?.resolve(reply.pid);
    else pending?.reject(new ReasonError(reply.error));
  }
}

let supervision: Supervision | null = null;

/**
 * Has a process started by a parent that outlives this program.
 *
 * @returns Its pid, once its state is written.
 * @throws {ReasonError} If it cannot be started. The message is the reason.
 */
export function startSupervised(request: StartRequest): Promise<number> {
  if (!supervision?.alive) supervision = new Supervision();
  return supervision.start(request);
}

function launch(): Deno.ChildProcess {
  const env = Deno.env.toObject();
  // In a process that is managed itself, they would make the supervisor, and
  // all that it starts, a part of that process's tree.
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
