import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type ExitRecord,
  formatExit,
  parseExit,
} from "../../../process/directory/formats.ts";
import { hasFailed } from "../../../process/liveness.ts";
import { ReasonError } from "../../../process/files/reading.ts";

const RECORD: ExitRecord = {
  pid: 42,
  createTime: 1_763_830_245.37,
  code: 3,
  signal: null,
  exitedAt: Date.UTC(2026, 10, 22, 16, 50, 45, 123),
  reason: "exited",
};

const JSON_RECORD = {
  pid: 42,
  process_create_time: 1_763_830_245.37,
  exit_code: 3,
  exit_signal: null,
  exited_at: "2026-11-22T16:50:45.123Z",
  reason: "exited",
};

Deno.test("formatExit writes what parseExit reads", () => {
  assertEquals(JSON.parse(formatExit(RECORD)), JSON_RECORD);
  assertEquals(parseExit(formatExit(RECORD)), RECORD);
});

Deno.test("parseExit ignores unknown keys and does not require optional ones", () => {
  const { pid, exited_at, reason } = JSON_RECORD;
  const text = JSON.stringify({ pid, exited_at, reason, more: 1 });
  assertEquals(parseExit(text), { ...RECORD, createTime: null, code: null });
});

Deno.test("parseExit names the malformed field", () => {
  const cases: [object, string][] = [
    [{ pid: 0 }, "'pid' is not a positive whole number"],
    [{ exit_code: "3" }, "'exit_code' is not a number"],
    [{ exit_signal: 15 }, "'exit_signal' is not a string"],
    [{ exited_at: "noon" }, "'exited_at' is not an ISO 8601 time"],
    [{ reason: "bored" }, "'reason' is not \"exited\""],
  ];
  for (const [wrong, message] of cases) {
    const text = JSON.stringify({ ...JSON_RECORD, ...wrong });
    assertThrows(() => parseExit(text), ReasonError, message);
  }
});

Deno.test("hasFailed distinguishes a failure from an exit on request", () => {
  assert(hasFailed(RECORD));
  assert(hasFailed({ ...RECORD, code: null, signal: "SIGKILL" }));
  assert(!hasFailed({ ...RECORD, code: 0 }));
  assert(!hasFailed({ ...RECORD, reason: "terminated" }));
  assert(!hasFailed({ ...RECORD, reason: "ttl", signal: "SIGTERM" }));
});
