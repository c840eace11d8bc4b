import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { LogTail } from "../../../process/logs/tail.ts";
import { TempDir } from "../support.ts";

/** A change to a log or to the limit of lines, or a read. */
type Step =
  | { do: "append"; bytes: number[] }
  | { do: "truncate"; share: number }
  | { do: "rewrite"; bytes: number[] }
  | { do: "rotate" }
  | { do: "delete" }
  | { do: "limit"; lines: number }
  | { do: "read" };

const bytes = fc.array(
  fc.oneof(
    fc.constantFrom(...new TextEncoder().encode("ab\n\n\r€🎉")),
    fc.constantFrom(0, 0x80, 0xff),
  ),
  { maxLength: 40 },
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant("append" as const), bytes }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("truncate" as const),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("rewrite" as const), bytes }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("rotate" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("limit" as const),
        lines: fc.nat(12),
      }),
    },
  ),
  { maxLength: 40, size: "max" },
);

/** A line of a log, and what distinguishes it from every other line. */
interface Line {
  readonly text: string;
  readonly id: string;
}

/** Splits the whole content of a file into lines. */
function split(bytes: Uint8Array): string[] {
  // Unlike a final call, a streaming call holds back an incomplete character.
  const text = new TextDecoder().decode(bytes, { stream: true });
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  const partial = bytes.at(-1) === 0x0d ? last.slice(0, -1) : last;
  const complete = lines.map((line) => line.replace(/\r$/, ""));
  return partial === "" ? complete : [...complete, partial];
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => byte === bytes[at]);
}

function lastOf<T>(list: readonly T[], count: number): T[] {
  return list.slice(Math.max(0, list.length - count));
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Predicts the lines of a LogTail by reading whole files. */
class Model {
  readonly #dir: TempDir;
  readonly #path: string;
  /** The file that the tail has open, its content at the last read, its serial. */
  #open: { path: string; content: Uint8Array; serial: number } | null = null;
  #serial = 0;
  #earlier: { text: string; position: string }[] = [];
  #limit: number;
  /** Counts the times that all lines have to get new numbers. */
  #epoch = 0;

  constructor(dir: TempDir, limit: number) {
    this.#dir = dir;
    this.#path = dir.file("log");
    this.#limit = limit;
  }

  /** Renames the log, unless an earlier rotation has not been read yet. */
  async rotate(): Promise<void> {
    if (this.#open?.path !== this.#path) return;
    this.#open.path = this.#dir.file(`log.${this.#open.serial}`);
    await Deno.rename(this.#path, this.#open.path);
  }

  /** Deletes the log. */
  async delete(): Promise<void> {
    await Deno.remove(this.#path);
    if (this.#open?.path === this.#path) this.#open.path = "";
  }

  /** Returns the lines that the next read of a tail must return. */
  async read(limit: number): Promise<Line[]> {
    if (limit > this.#limit) {
      this.#epoch++;
      // The file is read again, without a comparison with its old content.
      if (this.#open !== null) this.#open.content = new Uint8Array();
    }
    this.#limit = limit;
    if (limit === 0) this.#drop();
    else await this.#follow();
    const lines = lastOf([...this.#earlier, ...this.#current()], limit);
    return lines.map(({ text, position }) => ({
      text,
      id: `${this.#epoch}/${position}`,
    }));
  }

  async #follow(): Promise<void> {
    const isThere = await exists(this.#path);
    if (this.#open !== null && this.#open.path !== this.#path) {
      if (this.#open.path === "") this.#drop();
      else await this.#readOpen();
      const next = isThere && (await Deno.stat(this.#path)).size > 0;
      if (this.#open !== null && !next) return;
      this.#earlier = lastOf(
        [...this.#earlier, ...this.#current()],
        this.#limit,
      );
      this.#open = null;
    }
    if (!isThere) return;
    this.#open ??= {
      path: this.#path,
      content: new Uint8Array(),
      serial: this.#serial++,
    };
    await this.#readOpen();
  }

  async #readOpen(): Promise<void> {
    const content = await Deno.readFile(this.#open!.path);
    if (!startsWith(content, this.#open!.content)) {
      this.#earlier = [];
      this.#epoch++;
    }
    this.#open!.content = content;
  }

  #current() {
    if (this.#open === null) return [];
    const { content, serial } = this.#open;
    return split(content).map((text, at) => ({
      text,
      position: `${serial}/${at}`,
    }));
  }

  #drop(): void {
    this.#open = null;
    this.#earlier = [];
    this.#epoch++;
  }
}

/** Checks that the numbers of lines keep their contract from read to read. */
class NumberCheck {
  readonly #numbers = new Map<string, number>();
  readonly #lines = new Map<number, Line>();
  #first = 0;
  #end = 0;

  check(first: number, lines: readonly Line[]): void {
    const end = first + lines.length;
    assert(first >= this.#first && end >= this.#end, "numbers never decrease");
    for (const [at, line] of lines.entries()) {
      const number = first + at;
      const before = this.#lines.get(number) ?? line;
      assertEquals(line.id, before.id, "a number never names two lines");
      assertEquals(
        this.#numbers.get(line.id) ?? number,
        number,
        "a line keeps its number",
      );
      if (line.text !== before.text) {
        assertEquals(number, this.#end - 1, "only the last line changes");
        assert(line.text.startsWith(before.text), "a line only grows");
      }
      this.#lines.set(number, line);
      this.#numbers.set(line.id, number);
    }
    this.#first = first;
    this.#end = end;
  }
}

Deno.test("LogTail returns the lines and stable numbers that reading whole files predicts, for any changes", async () => {
  const property = fc.asyncProperty(steps, async (steps) => {
    using dir = new TempDir();
    const path = await dir.write("log", "");
    using tail = new LogTail(path, 5);
    const model = new Model(dir, 5);
    const numbers = new NumberCheck();
    let id = 0;
    for (const step of steps) {
      // All writes differ, as the times in a real log do: by this, LogTail
      // recognizes a rewritten file.
      const stamp = Array.from(new TextEncoder().encode(`<${id++}>`));
      if (step.do === "append") {
        await dir.append("log", [...step.bytes, ...stamp, ...step.bytes]);
      } else if (step.do === "rewrite") {
        await dir.write("log", [...stamp, ...step.bytes]);
      } else if (step.do === "limit") {
        tail.lines = step.lines;
      } else if (step.do === "read") {
        const reading = await tail.read();
        const { value: { first, lines }, error } = reading;
        const expected = await model.read(tail.lines);
        assertEquals(error, null);
        assertEquals(lines, expected.map(({ text }) => text));
        numbers.check(first, expected);
        assertStrictEquals(await tail.read(), reading);
      } else if (await exists(path)) {
        if (step.do === "rotate") await model.rotate();
        else if (step.do === "delete") await model.delete();
        else {
          const { size } = await Deno.stat(path);
          await Deno.truncate(path, Math.floor(size * step.share));
        }
      }
      // The steps are faster than the resolution of file times.
      if (await exists(path)) await Deno.utime(path, id, id);
    }
  });
  await fc.assert(property, { numRuns: 300 });
});
