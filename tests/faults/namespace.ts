/** Programs in separate namespaces, which stand for containers and hosts. */
import { TextLineStream } from "../../process/files/text_line_stream.ts";

/** Why this user cannot create namespaces; null if it can. */
const obstacle: string | null = findObstacle();

function findObstacle(): string | null {
  if (Deno.build.os !== "linux") return "only Linux has namespaces";
  const args = ["--pid", "--fork", "--mount-proc", "--uts", "true"];
  const { success, stderr } = new Deno.Command("unshare", { args })
    .outputSync();
  return success ? null : new TextDecoder().decode(stderr).trim();
}

/** Tests with namespaces, or names the reason why that is not possible. */
export function testNamespaces(name: string, fn: () => Promise<void>): void {
  const reason = obstacle === null ? "" : ` (skipped: ${obstacle})`;
  Deno.test({ name: `${name}${reason}`, ignore: obstacle !== null, fn });
}

/** A Deno program in a new pid namespace, whose first process is a shell. */
export class NamespacedProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  /**
   * @param code What to run, as a module.
   * @param args Its arguments.
   * @param setup Shell commands that run before it, with further `unshare`
   * options in front.
   */
  constructor(
    code: string,
    args: readonly string[],
    { options = [], setup = ":" }: {
      options?: readonly string[];
      setup?: string;
    } = {},
  ) {
    const shell = `${setup}\n"$@"\nexit $?`;
    this.#child = new Deno.Command("unshare", {
      args: [
        ...["--pid", "--fork", "--kill-child", "--mount-proc", ...options],
        ...["sh", "-c", shell, "sh"],
        ...[Deno.execPath(), "eval", "--no-lock", code, ...args],
      ],
      stdin: "piped",
      stdout: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
  }

  /** Returns the next line that it prints. */
  async nextLine(): Promise<string> {
    const { value } = await this.#lines.read();
    if (value === undefined) throw new Error("The program has exited");
    return value;
  }

  /** Writes a line to its standard input, and returns the next one that it prints. */
  async ask(line: string): Promise<string> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    return await this.nextLine();
  }

  /** Ends it with everything in its namespace. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has already exited.
    }
    await this.#lines.cancel();
    await this.#child.status;
  }
}
