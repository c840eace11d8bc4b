/** Checks that logs look as in a terminal, by comparing with a real emulator. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import xterm from "@xterm/headless";
import fc from "fast-check";
import { StreamLog } from "../../../frontend/logs/log_store.ts";
import { SCREEN_ROWS } from "../../../frontend/terminal/terminal.ts";
import { LineBuffer } from "../../../process/logs/line_buffer.ts";

const CORPUS = new URL("corpus/", import.meta.url);
const LINES = 10_000;

/** Returns the rows that the emulator shows, without trailing blanks. */
async function emulate(bytes: Uint8Array): Promise<string[]> {
  const terminal = new xterm.Terminal({
    cols: 1000,
    rows: SCREEN_ROWS,
    scrollback: LINES,
    allowProposedApi: true,
  });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const { active } = terminal.buffer;
  const rows = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)!.translateToString(),
  );
  terminal.dispose();
  return trimmed(rows);
}

/** Returns the rows that a widget shows of a log that grew piece by piece. */
function read(pieces: readonly Uint8Array[]): string[] {
  const buffer = new LineBuffer(LINES);
  const log = new StreamLog();
  let end = 0;
  for (const piece of pieces) {
    buffer.append(piece);
    const { first, lines } = buffer.lines();
    // The last line may have grown.
    const start = Math.max(first, end - 1);
    log.apply({ first, start, items: lines.slice(start - first) });
    end = first + lines.length;
  }
  return trimmed(log.rows.list.map(({ text }) => text));
}

/** Removes trailing blanks and empty rows, which cannot be distinguished. */
function trimmed(texts: string[]): string[] {
  const rows = texts.map((text) => text.trimEnd());
  return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    pieces.push(bytes.subarray(at, at + size));
  }
  return pieces;
}

const names = Array.from(Deno.readDirSync(CORPUS), ({ name }) => name)
  .filter((name) => name.endsWith(".tty")).sort();

for (const name of names) {
  Deno.test(`The output of ${name.slice(0, -4)} looks as in a terminal`, async () => {
    const bytes = await Deno.readFile(fromFileUrl(new URL(name, CORPUS)));
    const expected = await emulate(bytes);
    assert(expected.length > 1);
    // Read at once, and in pieces that split escape sequences.
    for (const size of [bytes.length, 1000, 97]) {
      assertEquals(read(cut(bytes, size)), expected, `by ${size} bytes`);
    }
  });
}

Deno.test("Text with any colors and cursor movements looks as in a terminal", async () => {
  const count = fc.integer({ min: 0, max: 6 });
  const part = fc.oneof(
    fc.constantFrom("a", "bc", "word ", "日", "é", "\t", "\b", "\r", "\r\n"),
    fc.constantFrom("\x1b7", "\x1b8", "\x1b[s", "\x1b[u", "\x1b[0m"),
    fc.tuple(count, fc.constantFrom(..."ABCDEFGKXP@m"))
      .map(([count, final]) => `\x1b[${count}${final}`),
    fc.constantFrom("\x1b[J", "\x1b[1K", "\x1b[2K", "\x1b]0;t\x07"),
  );
  const log = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(log, async (text) => {
      const bytes = new TextEncoder().encode(text);
      assertEquals(read([bytes]), await emulate(bytes));
    }),
    { numRuns: 500 },
  );
});
