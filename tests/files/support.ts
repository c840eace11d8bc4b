/** Real folders, files and processes for tests, removed after each test. */
import { assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import process from "node:process";
import type { LogTail } from "../../process/logs/tail.ts";

/** The user "nobody", who owns no files and has no privileges. */
const NOBODY = 65534;
/** A user without a name, who is neither root nor "nobody". */
export const STRANGER = 65533;

/** Whether the tests run as root, which can start processes of another user. */
export const isRoot: boolean = Deno.uid() === 0;

/** Holds the pid that was assigned last; the next process gets the next one. */
const LAST_PID = "/proc/sys/kernel/ns_last_pid";

/** Whether tests can choose the pid of a process: on Linux, as root, but not in every container. */
export const canChoosePids: boolean = isWritable(LAST_PID);

function isWritable(path: string): boolean {
  try {
    Deno.openSync(path, { write: true }).close();
    return true;
  } catch {
    return false;
  }
}

/** A folder that exists for one test. */
export class TempDir implements Disposable {
  /** The path of the folder. */
  readonly path: string = Deno.makeTempDirSync({ prefix: "process-widget " });

  /** Returns the path of a file in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file in place and returns its path. */
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

  /** Appends to a file and returns its path. */
  append(name: string, content: string | number[]): Promise<string> {
    return this.write(name, content, { append: true });
  }

  /** Writes a value as JSON and returns the file's path. */
  writeJson(name: string, value: unknown): Promise<string> {
    return this.write(name, JSON.stringify(value));
  }

  /** Creates a FIFO and returns its path. */
  async fifo(name: string): Promise<string> {
    const mkfifo = new Deno.Command("mkfifo", { args: [this.file(name)] });
    await mkfifo.output();
    return this.file(name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A process that runs for one test. */
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

  /** Starts a process that sleeps for longer than any test takes. */
  static sleeping(options?: Deno.CommandOptions): TempProcess {
    return new TempProcess(["sleep", "600"], options);
  }

  /** Starts a sleeping process that belongs to another user. */
  static ofStranger(): TempProcess {
    return TempProcess.sleeping({ uid: STRANGER, gid: STRANGER });
  }

  /** Starts a sleeping process with this free pid; see {@linkcode canChoosePids}. */
  static async withPid(pid: number): Promise<TempProcess> {
    for (let attempt = 0; attempt < 100; attempt++) {
      // The next process gets the next pid, unless another one starts first.
      Deno.writeTextFileSync(LAST_PID, String(pid - 1));
      const child = TempProcess.sleeping();
      if (child.pid === pid) return child;
      await child.kill();
    }
    throw new Error(`Cannot start a process with pid ${pid} as others take it`);
  }

  /** The pid of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Returns the first line that it prints; its `stdout` must be "piped". */
  async firstLine(): Promise<string> {
    let text = "";
    const chunks = this.#child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of chunks) {
      text += chunk;
      if (text.includes("\n")) break;
    }
    return text.split("\n")[0];
  }

  /** Kills it and waits until it has exited. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has already exited.
    }
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** A process whose child is a zombie. */
export class TempZombie implements AsyncDisposable {
  readonly #parent: TempProcess;
  /** The pid of the zombie. */
  readonly pid: number;

  private constructor(parent: TempProcess, pid: number) {
    this.#parent = parent;
    this.pid = pid;
  }

  /** Starts the process and turns its child into a zombie. */
  static async create(): Promise<TempZombie> {
    const script = "sleep 30 & echo $!; exec sleep 600";
    const parent = new TempProcess(["sh", "-c", script], { stdout: "piped" });
    try {
      const pid = Number(await parent.firstLine());
      // The shell would reap its child; the `sleep` that replaces it does not.
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

/** Makes root act as "nobody" until disposed, so that permission is denied. */
export function asNobody(): Disposable {
  process.seteuid?.(NOBODY);
  return { [Symbol.dispose]: () => process.seteuid?.(0) };
}

/**
 * Runs code as a user without a name, who may do nothing but what everybody may.
 *
 * @param module The module that the code gets as `module`, as a URL.
 * @returns What the code prints.
 */
export async function asStranger(
  module: string,
  code: string,
): Promise<string> {
  // Imported as root, as others cannot read root's cache.
  const program = `
    import process from "node:process";
    const module = await import(${JSON.stringify(module)});
    process.setgid(${STRANGER});
    process.setuid(${STRANGER});
    ${code}`;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", program],
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return decoder.decode(stdout);
}

/** Sets `HOME`, or with null removes it, until disposed. */
export function setHome(path: string | null): Disposable {
  const before = Deno.env.get("HOME");
  const set = (path: string | null | undefined) =>
    path ? Deno.env.set("HOME", path) : Deno.env.delete("HOME");
  set(path);
  return { [Symbol.dispose]: () => set(before) };
}

/** Returns whether this program has a file open; Linux only. */
export function isHeld(path: string): boolean {
  return pathsOfOpenFiles().includes(path);
}

/** Returns the paths of the files that this program has open; Linux only. */
export function pathsOfOpenFiles(): string[] {
  return Array.from(Deno.readDirSync("/proc/self/fd")).flatMap(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      // Closed in the meantime, as is the descriptor of the listing itself.
      return [];
    }
  });
}

/** Returns the lines of a log that can be read. */
export async function linesOf(tail: LogTail): Promise<readonly string[]> {
  const { value, error } = await tail.read();
  assertEquals(error, null);
  return value.lines;
}

/** Waits until a condition holds, for up to `ms` milliseconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!await condition()) {
    if (Date.now() > end) throw new Error(`Condition never held: ${condition}`);
    await delay(5);
  }
}
