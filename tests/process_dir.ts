import { basename } from "@std/path";
import { ProcessDirectory } from "../process/directory/process_directory.ts";
import { localProcessTable } from "../process/system/local_process_table.ts";
import { TempDir, TempProcess } from "./files/support.ts";

/** A real process with a process directory; both are removed after the test. */
export class TempProcessDir implements AsyncDisposable {
  readonly #dir: TempDir;
  readonly #directory: ProcessDirectory;
  readonly #process: TempProcess;

  private constructor(
    dir: TempDir,
    directory: ProcessDirectory,
    process: TempProcess,
  ) {
    this.#dir = dir;
    this.#directory = directory;
    this.#process = process;
  }

  /**
   * Starts a shell script whose output is appended to the logs of a new process
   * directory.
   */
  static async start(script: string, name = "test"): Promise<TempProcessDir> {
    const dir = new TempDir();
    const directory = new ProcessDirectory(dir.path, name);
    const cmd = ["sh", "-c", script];
    const spec = { name, cmd, env: {}, cwd: dir.path, ttlSeconds: null };
    await directory.writeSpec(spec);
    // Relative to the folder it runs in, as a test may rename the folder before
    // the shell opens them.
    const logs = [directory.stdoutLog, directory.stderrLog].map((path) =>
      basename(path)
    );
    const redirect = 'exec >>"$0" 2>>"$1"; ';
    const process = new TempProcess(
      ["sh", "-c", redirect + script, ...logs],
      { cwd: dir.path },
    );
    const identity = await localProcessTable.find(process.pid);
    await directory.writeState({
      pid: process.pid,
      createTime: identity?.startTime ?? null,
      createdAt: Date.now(),
    });
    return new TempProcessDir(dir, directory, process);
  }

  /** Starts a process that does nothing by itself. */
  static idle(name?: string): Promise<TempProcessDir> {
    return TempProcessDir.start("exec sleep 600", name);
  }

  /** Starts a process that prints "line 1", "line 2" and so on, twice a second. */
  static printing(): Promise<TempProcessDir> {
    return TempProcessDir.start(
      "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.5; done",
      "printing",
    );
  }

  /** The process directory. */
  get path(): string {
    return this.#dir.path;
  }

  /** The pid of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Appends to the log of standard output, as if the process had printed it. */
  async print(text: string): Promise<void> {
    await Deno.writeTextFile(this.#directory.stdoutLog, text, { append: true });
  }

  /** Appends to a file in the directory. */
  async append(file: string, text: string): Promise<void> {
    await this.#dir.append(file, text);
  }

  /** Writes a health report as a process does. */
  async report(status: string, message?: string): Promise<void> {
    const timestamp = new Date().toISOString();
    const report = { timestamp, status, message, details: {} };
    const { healthFile } = this.#directory;
    await Deno.writeTextFile(healthFile, JSON.stringify(report));
  }

  /** Kills the process and keeps the directory. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill();
    this.#dir[Symbol.dispose]();
  }
}
