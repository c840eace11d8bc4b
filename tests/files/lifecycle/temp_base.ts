import { assertEquals } from "@std/assert";
import { ProcessManager } from "../../../manager.ts";
import { isProcessName } from "../../../process/directory/base_folder.ts";
import { localProcessTable } from "../../../process/system/local_process_table.ts";
import { TempDir, until } from "../support.ts";

/** A base folder with a manager; its processes are removed after the test. */
export class TempBase implements AsyncDisposable {
  readonly #dir = new TempDir();
  /** The manager of the folder. */
  readonly manager: ProcessManager = new ProcessManager({
    dir: this.path,
    onSkipped: (error) => this.skipped.push(error.message),
  });
  /** Why the manager's lists skipped directories. */
  readonly skipped: string[] = [];

  /** The path of the folder. */
  get path(): string {
    return this.#dir.path;
  }

  /** The names of the folders in it, apart from that of the locks. */
  get names(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name)
      .filter((name) => name !== ".locks").sort();
  }

  /** The names of the locks. */
  get locks(): string[] {
    return Array.from(Deno.readDirSync(this.file(".locks")), (it) => it.name);
  }

  /** Returns the path of a file or folder in it. */
  file(name: string): string {
    return this.#dir.file(name);
  }

  /** Runs a shell script as a process. */
  sh(name: string, script: string) {
    return this.manager.run({ name, cmd: ["sh", "-c", script] });
  }

  /**
   * Returns the pids of all running processes that were started here, with their
   * descendants; with `program`, only of those that run it.
   */
  async alive(program?: string): Promise<number[]> {
    const rows = await localProcessTable.list();
    return rows.filter(({ processDir, name }) =>
      processDir?.startsWith(this.path) && name === (program ?? name)
    ).map(({ pid }) => pid);
  }

  /** Terminates and removes all processes; fails the test if one survives. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const { isDirectory, name } of Deno.readDirSync(this.path)) {
        if (!isDirectory || !isProcessName(name)) continue;
        await this.manager.remove(name, { graceMs: 100 });
      }
      await until(async () => (await this.alive()).length === 0);
      assertEquals(await this.alive(), []);
    } finally {
      this.#dir[Symbol.dispose]();
    }
  }
}
