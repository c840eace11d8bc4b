import { LogTail } from "../process/logs/tail.ts";
import { TempDir } from "../tests/files/support.ts";
import type { Figure } from "./harness/figure.ts";
import { compareCpu } from "./harness/rounds.ts";

const LINE = "2026-01-02T03:04:05Z GET /index.html 200 in 12 ms from ::1 ok\n";
const LINES = 20;
const KIB = 1024;

/** Reads of logs from 1 KiB to 1 GiB. */
export const logSizes: Figure = {
  name: "log-sizes",
  async measure() {
    using dir = new TempDir();
    using small = new Log(dir, KIB);
    using medium = new Log(dir, KIB ** 2);
    using large = new Log(dir, KIB ** 3);
    const newLine = await compareCpu({
      small: () => small.readNewLine(),
      medium: () => medium.readNewLine(),
      large: () => large.readNewLine(),
    }, { rounds: 25, calls: 100 });
    const first = await compareCpu({
      small: () => small.readFirst(),
      large: () => large.readFirst(),
    }, { rounds: 25, calls: 20 });
    const { whole } = await compareCpu({
      whole: () => large.readWhole(),
    }, { rounds: 1 });
    const unit = "µs";
    const sizes = Object.values(newLine);
    return [
      {
        figure: "one new line in logs of 1 KiB to 1 GiB (CPU): least and most",
        unit,
        floor: Math.min(...sizes),
        ours: Math.max(...sizes),
        limit: 1.2,
      },
      {
        figure: "one new line in a log of 1 GiB; floor: reading all of it",
        unit,
        floor: whole,
        ours: newLine.large,
        limit: 0.001,
      },
      {
        figure: "first poll of a log of 1 GiB; floor: one of 1 KiB",
        unit,
        floor: first.small,
        ours: first.large,
        // It reads up to 64 KiB.
        limit: 2,
      },
      {
        figure: "first poll of a log of 1 GiB; floor: reading all of it",
        unit,
        floor: whole,
        ours: first.large,
        limit: 0.001,
      },
    ];
  },
};

/** A log of one size, and what reads it. */
class Log implements Disposable {
  readonly #path: string;
  readonly #tail: LogTail;
  readonly #file: Deno.FsFile;

  /** Writes `size` bytes of lines, as there are none in a sparse file. */
  constructor(dir: TempDir, size: number) {
    this.#path = dir.file(`${size}.log`);
    this.#file = Deno.openSync(this.#path, { create: true, append: true });
    const chunk = new TextEncoder().encode(LINE.repeat(16 * KIB));
    for (let rest = size; rest > 0; rest -= chunk.length) {
      this.#file.writeSync(chunk.subarray(0, Math.min(rest, chunk.length)));
    }
    this.#tail = new LogTail(this.#path, LINES);
  }

  /** Prints a line and reads it. */
  async readNewLine(): Promise<void> {
    this.#file.writeSync(new TextEncoder().encode(LINE));
    await this.#tail.read();
  }

  /** Reads the log for the first time. */
  async readFirst(): Promise<void> {
    using tail = new LogTail(this.#path, LINES);
    await tail.read();
  }

  /** Reads all of the log, as the original system does at each poll. */
  async readWhole(): Promise<void> {
    let last: string[] = [];
    const { readable } = await Deno.open(this.#path);
    for await (const text of readable.pipeThrough(new TextDecoderStream())) {
      last = [...last, ...text.split("\n")].slice(-LINES);
    }
  }

  [Symbol.dispose](): void {
    this.#tail.close();
    this.#file.close();
  }
}
