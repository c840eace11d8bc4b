import { assert, assertEquals } from "@std/assert";
import {
  isPid,
  isRecorded,
  isSameProcess,
} from "../../../process/system/identity.ts";
import { ProcTable } from "../../../process/system/proc_table.ts";
import { PsTable } from "../../../process/system/ps_table.ts";

Deno.test("isPid accepts only positive whole numbers", () => {
  for (const pid of [1, 42, 2 ** 31 - 1]) assert(isPid(pid));
  for (const pid of [0, -1, 1.5, NaN, Infinity, 2 ** 31, "42", null]) {
    assert(!isPid(pid), `${pid} is not a pid`);
  }
});

Deno.test("find returns null for a number that is not a pid", async () => {
  for (const pid of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertEquals(await new ProcTable().find(pid), null);
    assertEquals(await new PsTable().find(pid), null);
  }
});

Deno.test("isRecorded compares start times from /proc to half a clock tick", () => {
  const identity = { pid: 1, startTime: 1000.5, startTicks: 50 };
  assert(isRecorded(identity, { pid: 1, createTime: 1000.5 }));
  assert(isRecorded(identity, { pid: 1, createTime: 1000.504 }));
  assert(!isRecorded(identity, { pid: 1, createTime: 1000.51 }));
  assert(!isRecorded(identity, { pid: 1, createTime: 1000.49 }));
});

Deno.test("isRecorded allows for the whole seconds of ps", () => {
  const identity = { pid: 1, startTime: 1000, startTicks: null };
  assert(isRecorded(identity, { pid: 1, createTime: 1001.9 }));
  assert(!isRecorded(identity, { pid: 1, createTime: 1003 }));
});

Deno.test("isRecorded and isSameProcess trust the pid if the start time is hidden", () => {
  const hidden = { pid: 1, startTime: null, startTicks: null };
  assert(isRecorded(hidden, { pid: 1, createTime: 1000 }));
  assert(isSameProcess(hidden, { pid: 1, startTime: 1000, startTicks: 5 }));
});
