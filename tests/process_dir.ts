import { localProcessTable } from "../process/system/local_process_table.ts";
import { TempDir, TempProcess } from "./files/support.ts";

/** A real process with a process directory, gone when the test is over. */
export class TempProcessDir implements AsyncDisposable {
  readonly #dir: TempDir;
  readonly #process: TempProcess;

  private constructor(dir: TempDir, process: TempProcess) {
    this.#dir = dir;
    this.#process = process;
  }

  /**
   * Starts a shell script whose output goes to `stdout.log` and `stderr.log`
   * of a new process directory.
   */
  static async start(script: string, name = "test"): Promise<TempProcessDir> {
    const dir = new TempDir();
    await dir.writeJson("config.json", {
      name,
      cmd: ["sh", "-c", script],
      env: {},
      process_dir: dir.path,
      runner_type: "subprocess",
      ttl_seconds: null,
      log_level: "INFO",
    });
    const redirected = `exec >>stdout.log 2>>stderr.log; ${script}`;
    const process = new TempProcess(["sh", "-c", redirected], {
      cwd: dir.path,
    });
    const identity = await localProcessTable.find(process.pid);
    await dir.writeJson("process_state.json", {
      pid: process.pid,
      process_create_time: identity?.startTime,
      created_at: new Date().toISOString(),
    });
    return new TempProcessDir(dir, process);
  }

  /** A process that does nothing by itself. */
  static idle(name?: string): Promise<TempProcessDir> {
    return TempProcessDir.start("exec sleep 600", name);
  }

  /** The process directory. */
  get path(): string {
    return this.#dir.path;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Appends to a file of the directory. */
  async append(file: string, text: string): Promise<void> {
    await this.#dir.append(file, text);
  }

  /** Writes `health.json` as a process does. */
  async report(status: string, message?: string): Promise<void> {
    const timestamp = new Date().toISOString();
    const report = { timestamp, status, message, details: {} };
    await this.#dir.writeJson("health.json", report);
  }

  /** Ends the process, and leaves the directory. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill();
    this.#dir[Symbol.dispose]();
  }
}
