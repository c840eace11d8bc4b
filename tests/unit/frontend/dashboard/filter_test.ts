import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  countStatuses,
  filtered,
  isFiltering,
} from "../../../../frontend/dashboard/data/filter.ts";
import type { Filter } from "../../../../widget/dashboard/traits.ts";
import { ENDED } from "../../dashboard_rows.ts";
import { entriesOf, namesOf } from "./entries_of.ts";

const ENTRIES = entriesOf(
  { name: "web", command: ["deno", "run", "Server.ts"], pid: 4242 },
  {
    name: "worker",
    command: null,
    health_message: "queue is full",
    last_line: "done",
  },
  {
    name: "db",
    ...ENDED,
    command: null,
    last_line: "10%\r\x1b[1mFa\x1b[0mtal",
  },
);

function matching(text: string, ...statuses: Filter["statuses"]): string[] {
  return namesOf(filtered(ENTRIES, { text, statuses }));
}

Deno.test("A filter looks in name, command, pid, health and last line", () => {
  assertEquals(matching("WEB"), ["web"]);
  assertEquals(matching("server"), ["web"]);
  assertEquals(matching(" 4242 "), ["web", "worker"]);
  assertEquals(matching("is full"), ["worker"]);
  assertEquals(matching("fatal"), ["db"]);
  assertEquals(matching("%"), []);
});

Deno.test("A filter never matches across two of these", () => {
  assertEquals(matching("webdeno"), []);
});

Deno.test("A filter selects statuses", () => {
  assertEquals(matching("", "stopped", "failed"), ["db"]);
  assertEquals(matching("work", "stopped"), []);
});

Deno.test("A filter of nothing lets through the very same list", () => {
  assertEquals(isFiltering({ text: "  ", statuses: [] }), false);
  assertStrictEquals(filtered(ENTRIES, { text: " ", statuses: [] }), ENTRIES);
});

Deno.test("The statuses of all rows are counted", () => {
  assertEquals([...countStatuses(ENTRIES)], [["stopped", 1], ["running", 2]]);
});
