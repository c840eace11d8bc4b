import { assertEquals, assertThrows } from "@std/assert";
import {
  parseVariables,
  splitCommandLine,
} from "../../../../widget/dashboard/command_line.ts";

Deno.test("splitCommandLine splits as a POSIX shell does", () => {
  const cases: [string, string[]][] = [
    ["", []],
    ["  \t\n", []],
    ["deno run -A server.ts", ["deno", "run", "-A", "server.ts"]],
    ["  a\tb\nc  ", ["a", "b", "c"]],
    [`sh -c 'echo "$HOME" \\n'`, ["sh", "-c", `echo "$HOME" \\n`]],
    [`"a b"'c d'e`, ["a bc de"]],
    [`"say \\"hi\\" \\$x \\\\ \\n"`, [`say "hi" $x \\ \\n`]],
    [`a\\ b \\'`, ["a b", "'"]],
    [`'' ""`, ["", ""]],
    ["a \\\nb", ["a", "b"]],
    [`"a\\\nb"`, ["ab"]],
    ["$(rm -rf /) `x` *", ["$(rm", "-rf", "/)", "`x`", "*"]],
    ["日本 'ü ö'", ["日本", "ü ö"]],
  ];
  for (const [line, words] of cases) {
    assertEquals(splitCommandLine(line), words, line);
  }
});

Deno.test("splitCommandLine names what is not finished", () => {
  for (const line of ["echo 'a", 'echo "a', 'x "a\\"', "'"]) {
    assertThrows(() => splitCommandLine(line), TypeError, "not closed");
  }
  assertThrows(
    () => splitCommandLine("a \\"),
    TypeError,
    "ends with a backslash",
  );
});

Deno.test("parseVariables reads one variable per line", () => {
  assertEquals(parseVariables(""), {});
  assertEquals(parseVariables("A=1\r\n\n  B_2=x = y \nEMPTY=\n"), {
    A: "1",
    B_2: "x = y ",
    EMPTY: "",
  });
  assertThrows(() => parseVariables("A=1\nexport B"), TypeError, "line 2");
  assertThrows(() => parseVariables("=1"), TypeError, "NAME=value");
});
