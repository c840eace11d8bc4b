import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LogTail } from "../../process/logs/tail.ts";
import { TempDir } from "./support.ts";

/** Something that is done to a log, or a read of it. */
type Step =
  | { do: "append"; bytes: number[] }
  | { do: "truncate"; share: number }
  | { do: "rewrite"; bytes: number[] }
  | { do: "keep"; lines: number }
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
    { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("append" as const), bytes }),
    },
    fc.record({
      do: fc.constant("truncate" as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ do: fc.constant("rewrite" as const), bytes }),
    fc.record({ do: fc.constant("keep" as const), lines: fc.nat(12) }),
  ),
  { maxLength: 30 },
);

/** The last lines of a file, by reading the whole of it. */
async function readWhole(path: string, count: number): Promise<string[]> {
  const bytes = await Deno.readFile(path);
  // Unlike a last call, a call for a stream holds an unfinished character back.
  const text = new TextDecoder().decode(bytes, { stream: true });
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  const unfinished = bytes.at(-1) === 0x0d ? last.slice(0, -1) : last;
  const finished = lines.map((line) => line.replace(/\r$/, ""));
  const all = unfinished === "" ? finished : [...finished, unfinished];
  return count === 0 ? [] : all.slice(-count);
}

Deno.test("LogTail gives what reading the whole file gives, whatever is done to it", async () => {
  const property = fc.asyncProperty(steps, async (steps) => {
    using dir = new TempDir();
    const path = await dir.write("log", "");
    using tail = new LogTail(path, 5);
    let id = 0;
    for (const step of steps) {
      // No two writes write the same bytes, as no two lines of a log have the
      // same time: that is what a rewritten file is recognised by.
      const stamp = Array.from(new TextEncoder().encode(`<${id++}>`));
      if (step.do === "append") {
        await dir.append("log", [...step.bytes, ...stamp, ...step.bytes]);
      } else if (step.do === "truncate") {
        const { size } = await Deno.stat(path);
        await Deno.truncate(path, Math.floor(size * step.share));
      } else if (step.do === "rewrite") {
        await dir.write("log", [...stamp, ...step.bytes]);
      } else if (step.do === "keep") {
        tail.lines = step.lines;
      } else {
        const { value, error } = await tail.read();
        assertEquals(error, null);
        assertEquals(value.lines, await readWhole(path, tail.lines));
      }
      // Steps come faster here than the times of files can show.
      await Deno.utime(path, id, id);
    }
  });
  await fc.assert(property, { numRuns: 300 });
});
