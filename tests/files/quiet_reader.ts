import { QuietFiles, type QuietOptions } from "../../process/files/quiet.ts";
import { ProcessReader } from "../../process/reader.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { pathsOf, resolveSource } from "../../process/source.ts";
import { countInstances } from "./inotify.ts";
import { until } from "./support.ts";

/** Polls a process directory as if there were many. */
export class QuietReader implements AsyncDisposable {
  readonly #quiet: QuietFiles;
  readonly #reader: ProcessReader;

  /** Polls nothing yet. */
  constructor(dir: string, options: QuietOptions = {}) {
    const files = resolveSource(dir);
    this.#quiet = new QuietFiles(files.processDir, pathsOf(files), {
      many: 0,
      ...options,
    });
    this.#reader = new ProcessReader(files, { quiet: this.#quiet });
  }

  /** Whether its folder is watched. */
  get armed(): boolean {
    return this.#quiet.armed;
  }

  /** Polls once. */
  poll(): Promise<ProcessSnapshot> {
    return this.#reader.read();
  }

  /** Returns whether the next poll would read no file. */
  isQuiet(): Promise<boolean> {
    return this.#quiet.isQuiet();
  }

  /** Polls until polls read no file. */
  async quieten(): Promise<void> {
    await until(async () => {
      await this.poll();
      return await this.isQuiet();
    });
  }

  /** How many lines of each log to keep. */
  set lines(lines: number) {
    this.#reader.lines = lines;
  }

  /** Makes the next poll read all files. */
  expire(): void {
    this.#reader.expire();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reader.close();
    await until(() => countInstances() === 0);
  }
}
