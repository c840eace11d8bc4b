import { assertEquals } from "@std/assert";
import { formatUptime } from "../../../widget/uptime.ts";

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

Deno.test("formatUptime formats the two largest units", () => {
  const cases: [number, string][] = [
    [0, "0s"],
    [999, "0s"],
    [42 * SECOND, "42s"],
    [MINUTE - 1, "59s"],
    [MINUTE, "1m 0s"],
    [12 * MINUTE + 5 * SECOND, "12m 5s"],
    [HOUR - 1, "59m 59s"],
    [HOUR, "1h 0m"],
    [3 * HOUR + 12 * MINUTE, "3h 12m"],
    [DAY - 1, "23h 59m"],
    [2 * DAY + 4 * HOUR, "2d 4h"],
    [400 * DAY, "400d 0h"],
  ];
  for (const [ms, text] of cases) assertEquals(formatUptime(ms), text);
});

Deno.test("formatUptime returns 0s if the clock was set back", () => {
  assertEquals(formatUptime(-5 * MINUTE), "0s");
});
