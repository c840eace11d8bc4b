import { assert, assertEquals } from "@std/assert";
import { SCREEN_ROWS, Terminal } from "../../../frontend/terminal/terminal.ts";

function printed(...lines: string[]): string[] {
  const terminal = new Terminal();
  terminal.print(lines);
  return terminal.rows.map(({ text }) => text);
}

/** Returns the styled runs of the last row, as texts with their styles. */
function styled(...lines: string[]) {
  const terminal = new Terminal();
  terminal.print(lines);
  const { text, runs } = terminal.rows.at(-1)!;
  return runs.map(({ start, end, style }) => [text.slice(start, end), style]);
}

Deno.test("Terminal prints plain lines unchanged", () => {
  assertEquals(printed("a", "", "b c"), ["a", "", "b c"]);
});

Deno.test("Terminal prints a progress bar to a single row", () => {
  assertEquals(printed("10%\r20%\r100%"), ["100%"]);
  assertEquals(printed("100%\r20%"), ["20%%"]);
  assertEquals(printed("100%\r\x1b[K20%"), ["20%"]);
  assertEquals(printed("abc\b\bX"), ["aXc"]);
});

Deno.test("Terminal moves the cursor between rows", () => {
  assertEquals(printed("one", "two", "\x1b[2AONE", "TWO"), ["ONE", "TWO", ""]);
  assertEquals(printed("one", "two", "\x1b[1A\x1b[2K2\x1b[1B\x1b[1G3"), [
    "one",
    "2",
    "3",
  ]);
  assertEquals(printed("a", "\x1b[99Ab"), ["b", ""]);
});

Deno.test("Terminal erases, deletes and inserts", () => {
  assertEquals(printed("abcdef\x1b[3D\x1b[K"), ["abc"]);
  assertEquals(printed("abcdef\x1b[3D\x1b[1K"), ["    ef"]);
  assertEquals(printed("abcdef\r\x1b[2P"), ["cdef"]);
  assertEquals(printed("abcdef\r\x1b[2@"), ["  abcdef"]);
  assertEquals(printed("abcdef\r\x1b[2X"), ["  cdef"]);
  assertEquals(printed("a", "b", "c\x1b[2F\x1b[J"), [""]);
});

Deno.test("Terminal expands tabs", () => {
  assertEquals(printed("a\tb\tc"), ["a       b       c"]);
  assertEquals(printed("12345678\tb"), ["12345678        b"]);
});

Deno.test("Terminal overwrites both halves of a wide character", () => {
  assertEquals(printed("日本\rx"), ["x 本"]);
  assertEquals(printed("日本\r\x1b[1Cx"), [" x本"]);
  assertEquals(printed("👩‍👩‍👧!\r\x1b[2C?"), ["👩‍👩‍👧?"]);
  assertEquals(printed("e\u0301x\ra"), ["ax"]);
});

Deno.test("Terminal ignores every other sequence", () => {
  const noise = [
    "\x1b]0;title\x07",
    "\x1b]8;;javascript:alert(1)\x1b\\",
    "\x1bP1$r\x1b\\",
    "\x1b[?25l\x1b[?2026h\x1b[>c",
    "\x1b(B\x1b=\x1b>",
    "\x07\0\x7f\x80\x85\x9b\x9f",
  ];
  for (const it of noise) assertEquals(printed(`a${it}b`), ["ab"], it);
});

Deno.test("Terminal ignores a sequence that the end of the line cut off", () => {
  for (const it of ["\x1b", "\x1b[", "\x1b[1;3", "\x1b]0;title"]) {
    assertEquals(printed(`a${it}`, "b"), ["a", "b"], it);
  }
});

Deno.test("Terminal keeps the style for the next line", () => {
  assertEquals(styled("\x1b[1;31mred", "still"), [[
    "still",
    { bold: true, color: 1 },
  ]]);
  assertEquals(styled("\x1b[31mred\x1b[0m", "plain"), []);
});

Deno.test("Terminal supports 16, 256 and RGB colors", () => {
  const runs: unknown = styled(
    "\x1b[38;5;202ma\x1b[38;2;1;2;3mb\x1b[97mc\x1b[39md",
  );
  assertEquals(runs, [
    ["a", { color: 202 }],
    ["b", { color: [1, 2, 3] }],
    ["c", { color: 15 }],
  ]);
  const colons: unknown = styled("\x1b[48:2::1:2:3;4:3ma");
  assertEquals(colons, [["a", { background: [1, 2, 3], underline: true }]]);
});

Deno.test("Terminal ignores colors that do not exist", () => {
  assertEquals(styled("\x1b[38;5;999ma"), []);
  assertEquals(styled("\x1b[38;2;1;2ma"), []);
});

Deno.test("Terminal reprints an unfinished line", () => {
  const terminal = new Terminal();
  terminal.print(["one", "two", "\x1b[1A\x1b[31mTW"]);
  assertEquals(terminal.rows.map(({ text }) => text), ["one", "TWo", ""]);
  terminal.reprint("\x1b[2A\x1b[32mON");
  terminal.print(["next"]);
  const texts = terminal.rows.map(({ text }) => text);
  assertEquals(texts, ["ONe", "next", ""]);
});

Deno.test("Terminal limits the cursor to the last rows", () => {
  const lines = Array.from({ length: 3 * SCREEN_ROWS }, () => "-");
  const rows = printed(...lines, "\x1b[999A!");
  assertEquals(rows.length, 3 * SCREEN_ROWS + 1);
  // The line was printed to the last row of the screen before moving up.
  assertEquals(rows.indexOf("!"), 2 * SCREEN_ROWS + 1);
});

Deno.test("Terminal keeps the log when the screen is cleared", () => {
  const rows = printed("old", "\x1b[2J\x1b[Hnew", "x\x1b[Hn");
  assertEquals(rows, ["old", "", "new", "x"]);
});

Deno.test("Terminal forgets the oldest rows and keeps the numbers of the rest", () => {
  const terminal = new Terminal();
  terminal.print(["a", "b", "c", "\x1b[1AC"]);
  terminal.forget(2);
  assertEquals(terminal.first, 2);
  assertEquals(terminal.rows.map(({ text }) => text), ["C", ""]);
  terminal.forget(99);
  terminal.print(["d"]);
  assertEquals(terminal.rows.at(-1)?.text, "d");
});

Deno.test("Terminal limits the memory that a hostile log can use", () => {
  const rows = printed("\x1b[999999999Cx", "\x1b[99999999B\x1b[9999999@y");
  assertEquals(rows.every((text) => text.length < 10_000), true);
  assertEquals(rows.length <= SCREEN_ROWS, true);
});

Deno.test("Terminal bounds how wide a row can become", () => {
  const terminal = new Terminal();
  for (let line = 0; line < 100; line++) {
    terminal.print(["\x1b[Aab\r" + "\x1b[4096@".repeat(1000)]);
  }
  const widest = Math.max(...terminal.rows.map(({ columns }) => columns));
  assert(widest < 250_000, `${widest} columns`);
});

Deno.test("Terminal bounds the work that a line can cause", () => {
  // Without a limit, each of these would take minutes or fill the memory.
  const times = 100_000;
  const wide = "日".repeat(8000);
  for (
    const sequence of [
      "\x1b[AX\x1b[BX",
      "\r\x1b[4096@",
      "\r\x1b[X",
      "\v",
      "\x1b[2J",
    ]
  ) {
    const terminal = new Terminal();
    terminal.print([wide, wide + sequence.repeat(times), "end"]);
    assert(terminal.rows.length < 2000, `${terminal.rows.length} rows`);
    assert(terminal.rows.some(({ text }) => text.startsWith("end")));
  }
});
