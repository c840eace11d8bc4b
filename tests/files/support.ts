/** Real folders, files and processes for tests, gone when the test is over. */
import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import process from "node:process";
import type { LogTail } from "../../process/logs/tail.ts";

/** The user "nobody", who owns nothing and may do little. */
const NOBODY = 65534;
/** A user without a name, who is neither root nor "nobody". */
const STRANGER = 65533;

/** Whether the tests run as root, who can start processes of another user. */
export const isRoot: boolean = Deno.uid() === 0;

/** The file that says which pid was given out last, and so which comes next. */
const LAST_PID = "/proc/sys/kernel/ns_last_pid";

/** Whether the tests can give a process a certain pid: on Linux, as root, not in every container. */
export const canChoosePids: boolean = isWritable(LAST_PID);

function isWritable(path: string): boolean {
  try {
    Deno.openSync(path, { write: true }).close();
    return true;
  } catch {
    return false;
  }
}

/** A folder for one test. */
export class TempDir implements Disposable {
  /** Where it is. */
  readonly path: string = Deno.makeTempDirSync({ prefix: "process-widget " });

  /** The path of a file in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file in place, and returns its path. */
  async write(
    name: string,
    content: string | Uint8Array | number[],
    options: Deno.WriteFileOptions = {},
  ): Promise<string> {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : Uint8Array.from(content);
    await Deno.writeFile(this.file(name), bytes, options);
    return this.file(name);
  }

  /** Appends to a file, and returns its path. */
  append(name: string, content: string | number[]): Promise<string> {
    return this.write(name, content, { append: true });
  }

  /** Writes a value as JSON, and returns the file's path. */
  writeJson(name: string, value: unknown): Promise<string> {
    return this.write(name, JSON.stringify(value));
  }

  /** Makes a FIFO, and returns its path. */
  async fifo(name: string): Promise<string> {
    const mkfifo = new Deno.Command("mkfifo", { args: [this.file(name)] });
    await mkfifo.output();
    return this.file(name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A process for one test. */
export class TempProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  constructor(cmd: string[], options: Deno.CommandOptions = {}) {
    const [command, ...args] = cmd;
    this.#child = new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      ...options,
    }).spawn();
  }

  /** A process that does nothing, for longer than any test takes. */
  static sleeping(options?: Deno.CommandOptions): TempProcess {
    return new TempProcess(["sleep", "600"], options);
  }

  /** A process that does nothing and belongs to another user. */
  static ofStranger(): TempProcess {
    return TempProcess.sleeping({ uid: STRANGER, gid: STRANGER });
  }

  /** A process that does nothing and has this free pid, where pids can be chosen. */
  static async withPid(pid: number): Promise<TempProcess> {
    for (let attempt = 0; attempt < 100; attempt++) {
      // The next process gets the pid after this, unless another starts first.
      Deno.writeTextFileSync(LAST_PID, String(pid - 1));
      const child = TempProcess.sleeping();
      if (child.pid === pid) return child;
      await child.kill();
    }
    throw new Error(`Never got the pid ${pid}`);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The first line that it prints, when its `stdout` is "piped". */
  async firstLine(): Promise<string> {
    let text = "";
    const chunks = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of chunks) {
      text += chunk;
      if (text.includes("\n")) break;
    }
    return text.split("\n")[0];
  }

  /** Ends it, and waits until it is gone. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** A process with a zombie for a child. */
export class TempZombie implements AsyncDisposable {
  readonly #parent: TempProcess;
  /** The zombie's pid. */
  readonly pid: number;

  private constructor(parent: TempProcess, pid: number) {
    this.#parent = parent;
    this.pid = pid;
  }

  static async make(): Promise<TempZombie> {
    const script = "sleep 30 & echo $!; exec sleep 600";
    const parent = new TempProcess(["sh", "-c", script], { stdout: "piped" });
    try {
      const pid = Number(await parent.firstLine());
      // The shell would ask after its child; `sleep` in its place does not.
      const comm = `/proc/${parent.pid}/comm`;
      await until(() => Deno.readTextFileSync(comm) === "sleep\n");
      Deno.kill(pid, "SIGKILL");
      await until(() => / Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`)));
      return new TempZombie(parent, pid);
    } catch (error) {
      await parent.kill();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parent.kill();
  }
}

/** Lets root act as "nobody" until disposed, so that permission can be denied. */
export function asNobody(): Disposable {
  process.seteuid?.(NOBODY);
  return { [Symbol.dispose]: () => process.seteuid?.(0) };
}

/** Whether this program has a file open; Linux only. */
export function isHeld(path: string): boolean {
  return Array.from(Deno.readDirSync("/proc/self/fd")).some(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`) === path;
    } catch {
      // Closed meanwhile, as is the listing itself.
      return false;
    }
  });
}

/** The lines of a log that can be read. */
export async function linesOf(tail: LogTail): Promise<readonly string[]> {
  const { value, error } = await tail.read();
  assertEquals(error, null);
  return value.lines;
}

/** Waits for a condition, for 10 seconds unless told otherwise. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!await condition()) {
    if (Date.now() > end) throw new Error(`Never came true: ${condition}`);
    await delay(5);
  }
}
