import { assertEquals, assertThrows } from "@std/assert";
import {
  checkProcessName,
  isProcessName,
} from "../../../process/directory/base_folder.ts";

Deno.test("checkProcessName accepts letters, digits, dots, underscores and dashes", () => {
  for (const name of ["a", "A-1_b.c", "-", "_", "0", "a..b", "x".repeat(100)]) {
    assertEquals(checkProcessName(name), name);
  }
});

Deno.test("checkProcessName rejects all other names and states the rule", () => {
  const names = [
    ...["", ".", "..", ".a", "a/b", "../a", "/a", "a\\b", "a b", "a\n", "é"],
    ...["x".repeat(101), "a\0", "%2e", "C:", null, undefined, 42, ["a"]],
  ];
  for (const name of names) {
    assertThrows(
      () => checkProcessName(name),
      TypeError,
      "as a name has 1 to 100 letters, digits, '.', '_' or '-', and does not start with a dot",
    );
    assertEquals(isProcessName(name), false);
  }
});
