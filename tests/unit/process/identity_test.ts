import { assert, assertEquals } from "@std/assert";
import {
  isPid,
  matchesStart,
  readProcess,
} from "../../../process/system/identity.ts";

Deno.test("isPid takes positive whole numbers only", () => {
  for (const pid of [1, 42, 2 ** 31 - 1]) assert(isPid(pid));
  for (const pid of [0, -1, 1.5, NaN, Infinity, 2 ** 31, "42", null]) {
    assert(!isPid(pid), `${pid} is no pid`);
  }
});

Deno.test("readProcess asks nobody about what is no pid", async () => {
  for (const pid of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertEquals(await readProcess(pid, { table: "proc" }), null);
    assertEquals(await readProcess(pid, { table: "ps" }), null);
  }
});

Deno.test("matchesStart tells two processes apart by less than 0.01 s in /proc", () => {
  const identity = { pid: 1, startTime: 1000.5, startTicks: 50 };
  assert(matchesStart(identity, 1000.5));
  assert(matchesStart(identity, 1000.509));
  assert(!matchesStart(identity, 1000.52));
  assert(!matchesStart(identity, 1000.48));
});

Deno.test("matchesStart allows for the whole seconds of ps", () => {
  const identity = { pid: 1, startTime: 1000, startTicks: null };
  assert(matchesStart(identity, 1001.9));
  assert(!matchesStart(identity, 1003));
});

Deno.test("matchesStart trusts the pid when the system does not show the start", () => {
  assert(matchesStart({ pid: 1, startTime: null, startTicks: null }, 1000));
});
