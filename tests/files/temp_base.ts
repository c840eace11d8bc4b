import { assertEquals } from "@std/assert";
import { ProcessManager } from "../../manager.ts";
import { isProcessName } from "../../process/directory/base_folder.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TempDir, until } from "./support.ts";

/** A base folder with a manager, whose processes are gone after the test. */
export class TempBase implements AsyncDisposable {
  readonly #dir = new TempDir();
  /** Manages the folder. */
  readonly manager: ProcessManager = new ProcessManager({
    dir: this.path,
    onSkipped: (error) => this.skipped.push(error.message),
  });
  /** What the manager's lists left out, and why. */
  readonly skipped: string[] = [];

  /** Where it is. */
  get path(): string {
    return this.#dir.path;
  }

  /** The path of something in it. */
  file(name: string): string {
    return this.#dir.file(name);
  }

  /** Runs a shell script as a process. */
  sh(name: string, script: string) {
    return this.manager.run({ name, cmd: ["sh", "-c", script] });
  }

  /** What is alive of all that was started here, or of it what runs a program. */
  async alive(program?: string): Promise<number[]> {
    const rows = await localProcessTable.list();
    return rows.filter(({ processDir, name }) =>
      processDir?.startsWith(this.path) && name === (program ?? name)
    ).map(({ pid }) => pid);
  }

  /** Ends and removes everything; fails the test when something stays. */
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
