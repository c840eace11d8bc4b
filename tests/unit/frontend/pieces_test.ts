import { assertEquals } from "@std/assert";
import { linksIn, piecesOf } from "../../../frontend/logs/pieces.ts";
import { Search } from "../../../frontend/logs/search.ts";
import { Terminal } from "../../../frontend/terminal/terminal.ts";

function rowsOf(...lines: string[]) {
  const terminal = new Terminal();
  terminal.print(lines);
  return terminal.rows;
}

const links = (text: string) =>
  linksIn(text).map(({ start, end }) => text.slice(start, end));

Deno.test("linksIn finds http and https URLs without the punctuation around them", () => {
  assertEquals(links("see https://a.example/b?c=d#e."), [
    "https://a.example/b?c=d#e",
  ]);
  assertEquals(links("(http://a.example/x_(y)), http://b.example!"), [
    "http://a.example/x_(y)",
    "http://b.example",
  ]);
});

Deno.test("linksIn ignores everything else", () => {
  for (const text of ["javascript://x", "file:///etc", "http://", "ftp://a"]) {
    assertEquals(links(text), [], text);
  }
});

Deno.test("linksIn takes linear time for any punctuation", () => {
  // Trimming one character after the other would take hours.
  const repeated = 100_000;
  const url = `http://a${".".repeat(repeated)}a${")".repeat(repeated)}`;
  assertEquals(links(url)[0]?.at(-1), "a");
  const open = `http://a/${"(.".repeat(repeated)}${")]".repeat(repeated)}`;
  assertEquals(linksIn(open).length, 1);
});

Deno.test("piecesOf splits a row where a style, a link or a match begins or ends", () => {
  const [row] = rowsOf("\x1b[1mgo http://\x1b[0ma.example now");
  const pieces = piecesOf(row, new Search("A.EX").in(row));
  assertEquals(pieces.map(({ text, link, match }) => [text, link, match]), [
    ["go ", null, -1],
    ["http://", "http://a.example", -1],
    ["a.ex", "http://a.example", 0],
    ["ample", "http://a.example", -1],
    [" now", null, -1],
  ]);
  assertEquals(pieces.map(({ style }) => style.bold === true), [
    true,
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("Search finds its text literally, regardless of case", () => {
  const rows = { first: 7, list: rowsOf("a.b A.B", "axb", "(a.b)") };
  assertEquals(new Search("a.b").matches(rows), [
    { row: 7, nth: 0 },
    { row: 7, nth: 1 },
    { row: 9, nth: 0 },
  ]);
  for (const text of "\\^$.*+?()[]{}|/-") {
    assertEquals(new Search(text).matches({ first: 0, list: rowsOf(text) }), [
      { row: 0, nth: 0 },
    ], text);
  }
});
