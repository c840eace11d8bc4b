import { assertEquals, assertThrows } from "@std/assert";
import {
  formatStart,
  parseStart,
  type StartRecord,
} from "../../../process/directory/formats.ts";
import { ReasonError } from "../../../process/files/reading.ts";
import { isRecorded } from "../../../process/system/identity.ts";
import { compareScope } from "../../../process/system/pid_scope.ts";

const RECORD: StartRecord = {
  pid: 42,
  createTime: 1_763_830_245.37,
  startTicks: 523_617,
  bootId: "4f702e7e",
  pidNamespace: "pid:[4026531836]",
  host: "lab",
  supervisorPid: 40,
  supervisorStartTicks: 523_590,
};

const JSON_RECORD = {
  pid: 42,
  process_create_time: 1_763_830_245.37,
  start_ticks: 523_617,
  boot_id: "4f702e7e",
  pid_namespace: "pid:[4026531836]",
  host: "lab",
  supervisor_pid: 40,
  supervisor_start_ticks: 523_590,
};

Deno.test("formatStart writes what parseStart reads", () => {
  assertEquals(JSON.parse(formatStart(RECORD)), JSON_RECORD);
  assertEquals(parseStart(formatStart(RECORD)), RECORD);
});

Deno.test("parseStart requires only the pid", () => {
  assertEquals(parseStart('{"pid":42}'), {
    pid: 42,
    createTime: null,
    startTicks: null,
    bootId: null,
    pidNamespace: null,
    host: null,
    supervisorPid: null,
    supervisorStartTicks: null,
  });
});

Deno.test("parseStart names the malformed field", () => {
  const cases: [object, string][] = [
    [{ pid: 0 }, "'pid' is not a positive whole number"],
    [{ start_ticks: "5" }, "'start_ticks' is not a number"],
    [{ boot_id: 7 }, "'boot_id' is not a string"],
    [{ supervisor_pid: -1 }, "'supervisor_pid' is not a pid"],
  ];
  for (const [wrong, message] of cases) {
    const text = JSON.stringify({ ...JSON_RECORD, ...wrong });
    assertThrows(() => parseStart(text), ReasonError, message);
  }
});

Deno.test("compareScope distinguishes another boot, container and host", () => {
  const own = { bootId: "b", pidNamespace: "pid:[1]", host: "lab" };
  const kindOf = (recorded: Partial<typeof own>) =>
    compareScope({ ...own, ...recorded }, own);
  assertEquals(kindOf({}), "own");
  // The host name can be changed at any time.
  assertEquals(kindOf({ host: "renamed" }), "own");
  assertEquals(kindOf({ pidNamespace: "pid:[2]" }), "container");
  assertEquals(kindOf({ bootId: "a" }), "earlier");
  // Most hosts have an initial namespace of the same name.
  assertEquals(kindOf({ bootId: "a", host: "other" }), "host");
});

Deno.test("compareScope does not compare what the system lacks", () => {
  const mac = { bootId: null, pidNamespace: null, host: "mac" };
  const linux = { bootId: "b", pidNamespace: "pid:[1]", host: "lab" };
  assertEquals(compareScope(mac, mac), "own");
  // Without a boot id, the host name may have changed since.
  assertEquals(compareScope({ ...mac, host: "renamed" }, mac), "own");
  assertEquals(compareScope(linux, mac), "host");
  assertEquals(compareScope(mac, linux), "host");
  assertEquals(compareScope({ ...linux, bootId: null }, linux), "own");
});

Deno.test("isRecorded compares only ticks where both are known", () => {
  const found = { pid: 1, startTime: 1000, startTicks: 50 };
  const recorded = { pid: 1, createTime: 1000, startTicks: 50 };
  assertEquals(isRecorded(found, recorded), true);
  assertEquals(isRecorded(found, { ...recorded, createTime: 4600 }), true);
  assertEquals(isRecorded(found, { ...recorded, startTicks: 51 }), false);
  assertEquals(isRecorded(found, { ...recorded, startTicks: null }), true);
  assertEquals(isRecorded(found, { ...recorded, rebooted: true }), false);
});
