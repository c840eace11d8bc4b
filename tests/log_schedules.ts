/** Runs random schedules of a writer, rotations and truncations against LogTail. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LogTail } from "../process/logs/tail.ts";
import { TempDir } from "./files/support.ts";

/** Number of lines that the tail keeps. */
const LIMIT = 5;

/** Size of a memory page, in bytes. */
const PAGE = 4096;

/** What happens to a log; between two steps, a poll in progress continues. */
type Step =
  /** The writer writes a line, or the parts of one in two steps. */
  | { readonly do: "line"; readonly size: number }
  | { readonly do: "half" }
  /** The log is renamed; the writer continues to write to it. */
  | { readonly do: "rename" }
  /** The writer opens the log at its path again. */
  | { readonly do: "reopen" }
  | { readonly do: "truncate" }
  | { readonly do: "delete" }
  /** A poll begins, or the one in progress is awaited. */
  | { readonly do: "begin" }
  | { readonly do: "end" }
  /** Other tasks run, such as the poll's reads. */
  | { readonly do: "yield" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("line" as const),
      size: fc.constantFrom(0, 0, 0, 100, 1000),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: "half" as const }) },
  { weight: 2, arbitrary: fc.constant({ do: "rename" as const }) },
  { weight: 2, arbitrary: fc.constant({ do: "reopen" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "truncate" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "delete" as const }) },
  { weight: 5, arbitrary: fc.constant({ do: "begin" as const }) },
  { weight: 4, arbitrary: fc.constant({ do: "end" as const }) },
  { weight: 6, arbitrary: fc.constant({ do: "yield" as const }) },
);

/**
 * Checks that the tail reports, after each poll, the last lines as they were at
 * some moment during that poll, under the right numbers.
 *
 * @param runs Number of schedules.
 */
export async function checkSchedules(runs: number): Promise<void> {
  const schedule = fc.array(step, { maxLength: 30, size: "max" });
  await fc.assert(fc.asyncProperty(schedule, run), { numRuns: runs });
}

async function run(steps: readonly Step[]): Promise<void> {
  using dir = new TempDir();
  using log = new Log(dir);
  using tail = new LogTail(log.path, LIMIT);
  const polls = new Polls(tail, log);
  for (const step of steps) {
    if (step.do === "begin") polls.begin();
    else if (step.do === "end") await polls.end();
    else if (step.do === "yield") await Deno.stat(dir.path);
    else log.apply(step);
  }
  await polls.end();
}

/** What the log contained at one moment. */
interface Moment {
  /** The lines of earlier files since the log was last truncated or deleted. */
  readonly earlier: readonly string[];
  /** How many of those, from the first on, a poll may have dropped: the file
   * after them was truncated or deleted, which only some polls could notice. */
  readonly optional: number;
  /** The content of the file that is written now. */
  readonly text: string;
  /** Whether a poll can read that file. */
  readonly visible: boolean;
  /** Whether some earlier file could not be read by a poll. */
  readonly missed: boolean;
}

/** A log with its writer, and what it has contained. */
class Log implements Disposable {
  readonly path: string;
  /** The moments since the list was last emptied, at least one. */
  moments: Moment[] = [];
  readonly #dir: TempDir;
  #file: Deno.FsFile;
  /** Where the file is that is written now; null if it was deleted. */
  #at: string | null;
  #earlier: string[] = [];
  #text = "";
  #serial = 0;
  #seen = false;
  #missed = false;
  #optional = 0;

  constructor(dir: TempDir) {
    this.#dir = dir;
    this.path = this.#at = dir.file("log");
    this.#file = this.#open();
    this.#record();
  }

  apply(step: Step): void {
    const id = `${this.#serial++}`;
    switch (step.do) {
      case "line":
        return this.#write(`<${`${id}-`.repeat(step.size)}${id}>\n`);
      case "half":
        return this.#write(`<${id}`);
      case "truncate":
        // Nobody truncates a log that was renamed.
        if (this.#at === this.path) {
          this.#empty(() => this.#file.truncateSync());
        }
        return;
      case "delete":
        if (this.#at !== this.path) return;
        this.#at = null;
        return this.#empty(() => Deno.removeSync(this.path));
      case "rename":
        if (this.#at !== this.path) return;
        this.#at = this.#dir.file(`log.${id}`);
        this.#missed ||= !this.#seen;
        Deno.renameSync(this.path, this.#at);
        return this.#record();
      case "reopen":
        return this.#reopen();
    }
  }

  /** Records that a poll has ended during which nothing happened. It opens a file
   * with content; while that is empty, the file before it may still grow. */
  seen(): void {
    this.#seen ||= this.#at === this.path && this.#text !== "";
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #open(): Deno.FsFile {
    this.#seen = false;
    return Deno.openSync(this.path, { create: true, append: true });
  }

  #reopen(): void {
    if (this.#at === this.path) return;
    this.#file.close();
    this.#earlier.push(...split(this.#text));
    this.#text = "";
    this.#at = this.path;
    this.#file = this.#open();
    this.#record();
  }

  #write(text: string): void {
    // Nobody can know what is written to a deleted file.
    if (this.#at === null) return;
    this.#text += text;
    this.#file.writeSync(new TextEncoder().encode(text));
    this.#record();
  }

  #empty(empty: () => void): void {
    if (this.#seen) {
      this.#earlier = [];
      this.#missed = false;
    }
    this.#optional = this.#earlier.length;
    this.#text = "";
    empty();
    this.#record();
  }

  #record(): void {
    this.moments.push({
      earlier: [...this.#earlier],
      optional: this.#optional,
      text: this.#text,
      visible: this.#seen || this.#at === this.path,
      missed: this.#missed,
    });
  }
}

/** The polls of one tail, one at a time, and what they must report. */
class Polls {
  readonly #tail: LogTail;
  readonly #log: Log;
  readonly #texts = new Map<number, string>();
  #poll: ReturnType<LogTail["read"]> | null = null;
  #next = 0;

  constructor(tail: LogTail, log: Log) {
    this.#tail = tail;
    this.#log = log;
  }

  begin(): void {
    if (this.#poll) return;
    this.#log.moments = [this.#log.moments.at(-1)!];
    this.#poll = this.#tail.read();
  }

  async end(): Promise<void> {
    if (!this.#poll) return;
    const { value: { first, lines }, error } = await this.#poll;
    this.#poll = null;
    assertEquals(error, null);
    const { moments } = this.#log;
    assert(
      moments.some((moment, at) => {
        const sizes = sizesUpTo(moments.slice(0, at + 1));
        const { earlier, optional } = moment;
        return [earlier, earlier.slice(optional)].some((earlier) =>
          sizes.some((size) => shows(lines, { ...moment, earlier }, size))
        );
      }),
      `${Deno.inspect(lines)} are the last lines of none of ${
        Deno.inspect(moments)
      }`,
    );
    if (moments.length === 1) this.#log.seen();
    this.#checkNumbers(first, lines);
  }

  #checkNumbers(first: number, lines: readonly string[]): void {
    for (const [at, line] of lines.entries()) {
      const number = first + at;
      const before = this.#texts.get(number) ?? line;
      if (line !== before) {
        assert(line.startsWith(before), "a number never names two lines");
        assertEquals(number, this.#next - 1, "only the last line grows");
      }
      this.#texts.set(number, line);
    }
    const next = first + lines.length;
    assert(next >= this.#next, "numbers never decrease");
    this.#next = next;
  }
}

/** Returns the sizes of the file up to a moment: a poll may read up to any of
 * them. A write of several pages changes the size with each page. */
function sizesUpTo(moments: readonly Moment[]): number[] {
  const sizes = moments.map(({ text }) => text.length);
  const pages = Math.floor(Math.max(...sizes) / PAGE);
  return [
    ...sizes,
    ...Array.from({ length: pages }, (_, at) => (at + 1) * PAGE),
  ];
}

function shows(
  lines: readonly string[],
  { earlier, text, visible, missed }: Moment,
  size: number,
): boolean {
  const current = split(text.slice(0, size));
  const all = [...earlier, ...current];
  const isEnd = (end: readonly string[]) =>
    end.every((line, at) => line === lines[lines.length - end.length + at]);
  const last = all.slice(-LIMIT);
  if (lines.length === last.length && isEnd(last)) return true;
  // Lines of a file that no poll could see are lost, but only those.
  const places = lines.map((line) => all.indexOf(line));
  return missed && isEnd(visible ? current.slice(-LIMIT) : []) &&
    places.every((place, at) => place >= 0 && place > (places[at - 1] ?? -1));
}

function split(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
