/**
 * The supervisor: a detached Deno that is the parent of all processes which one
 * kernel starts. It outlives the kernel, so that somebody is there to end a
 * process at its time to live, and to see with which code or signal it ended,
 * which only a parent is told. It ends itself after the last of them.
 *
 * One for each kernel, as a Deno takes some 20 MB of its own; written in the
 * same language as the rest, as a shell cannot tell a process that a signal
 * ended from one that exited with 128 + n.
 *
 * It reads one {@linkcode SupervisorRequest} a line from its standard input,
 * until the kernel is gone, and answers each with a {@linkcode SupervisorReply}.
 *
 * @module
 */
import { TextLineStream } from "../files/text_line_stream.ts";
import { startProcess, type StartRequest } from "./start.ts";

/** A request to start a process. */
export interface SupervisorRequest {
  /** What the reply is to be called. */
  readonly id: number;
  /** What to start. */
  readonly start: StartRequest;
}

/** What came of a request: a pid, or why there is none. */
export type SupervisorReply =
  | { readonly id: number; readonly pid: number }
  | { readonly id: number; readonly error: string };

/** The program that is run as the supervisor. In a bundle that is the bundle. */
export const SUPERVISOR_URL: string = import.meta.url;

/** The argument that makes this module act, and nothing but import otherwise. */
export const SUPERVISOR_ARGUMENT = "--process-widget-supervisor";

/** Starts and supervises until the input has ended and all processes, too. */
async function serve(): Promise<void> {
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) answer(JSON.parse(line));
}

async function answer({ id, start }: SupervisorRequest): Promise<void> {
  try {
    await reply({ id, pid: await startProcess(start) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await reply({ id, error: message });
  }
}

let writing: Promise<unknown> = Promise.resolve();

/** Writes one reply after the other. */
function reply(reply: SupervisorReply): Promise<unknown> {
  const bytes = new TextEncoder().encode(JSON.stringify(reply) + "\n");
  return writing = writing.then(async () => {
    try {
      for (let at = 0; at < bytes.length;) {
        at += await Deno.stdout.write(bytes.subarray(at));
      }
    } catch {
      // The kernel is gone: nobody waits for this.
    }
  });
}

// Not `import.meta.main`, which a bundler takes for false.
if (
  Deno.args[0] === SUPERVISOR_ARGUMENT && Deno.mainModule === SUPERVISOR_URL
) {
  await serve();
}
