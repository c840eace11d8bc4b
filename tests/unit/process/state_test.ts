import { assertEquals, assertThrows } from "@std/assert";
import { ReasonError } from "../../../process/files/reading.ts";
import {
  formatConfig,
  parseConfig,
  parsePidFile,
  parseState,
} from "../../../process/directory/formats.ts";

const json = JSON.stringify;

Deno.test("parseState reads the pid and the start time", () => {
  const text = json({
    pid: 42,
    process_create_time: 1795366245.27,
    created_at: "2026-01-02T03:04:05Z",
    runner: "ignored",
  });
  assertEquals(parseState(text), {
    pid: 42,
    createTime: 1795366245.27,
    createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
});

Deno.test("parseState requires only the pid", () => {
  const state = { pid: 42, createTime: null, createdAt: null };
  assertEquals(parseState(json({ pid: 42 })), state);
});

Deno.test("parseState rejects a missing or invalid pid", () => {
  assertThrows(() => parseState("{}"), ReasonError, "'pid' is missing");
  for (const pid of ["42", 0, -1, 1.5, 2 ** 31, true]) {
    assertThrows(
      () => parseState(json({ pid })),
      ReasonError,
      "'pid' is not a positive whole number",
    );
  }
});

Deno.test("parseState rejects fields of another type and names them", () => {
  const rejected: [unknown, string][] = [
    [{ pid: 1, process_create_time: "x" }, "'process_create_time' is not a"],
    [{ pid: 1, created_at: 7 }, "'created_at' is not a string"],
  ];
  for (const [value, message] of rejected) {
    assertThrows(() => parseState(json(value)), ReasonError, message);
  }
});

Deno.test("parseConfig reads how a process is to be run", () => {
  const text = json({
    name: "server",
    cmd: ["deno", "run", "server.ts"],
    env: { PORT: "80" },
    process_dir: "/x",
    runner_type: "subprocess",
    ttl_seconds: 60,
    log_level: "INFO",
  });
  assertEquals(parseConfig(text), {
    name: "server",
    cmd: ["deno", "run", "server.ts"],
    env: { PORT: "80" },
    ttlSeconds: 60,
    runner: { type: "subprocess" },
  });
  assertEquals(parseConfig("{}"), {
    name: null,
    cmd: null,
    env: null,
    ttlSeconds: null,
    runner: { type: "subprocess" },
  });
});

Deno.test("formatConfig writes the options of a runner, which parseConfig reads", () => {
  const spec = { name: "a", cmd: ["p"], env: {}, cwd: "/", ttlSeconds: null };
  const runner = { type: "slurm", partition: "debug" };
  const text = formatConfig({ ...spec, runner }, "/x/a");
  assertEquals(JSON.parse(text).runner_type, "slurm");
  assertEquals(parseConfig(text).runner, runner);
  assertEquals("runner" in JSON.parse(formatConfig(spec, "/x/a")), false);
});

Deno.test("parseConfig rejects fields of another type and names them", () => {
  const rejected: [unknown, string][] = [
    [{ name: 7 }, "'name' is not a string"],
    [{ cmd: "deno run" }, "'cmd' is not a list of strings"],
    [{ cmd: [1] }, "'cmd' is not a list of strings"],
    [{ env: { PORT: 80 } }, "'env' is not an object of strings"],
    [{ ttl_seconds: "60" }, "'ttl_seconds' is not a number"],
    [{ runner: "slurm" }, "'runner' is not an object"],
    [{ runner_type: 1 }, "'runner_type' is not a string"],
  ];
  for (const [value, message] of rejected) {
    assertThrows(() => parseConfig(json(value)), ReasonError, message);
  }
});

Deno.test("parsePidFile reads the first line and ignores what follows", () => {
  const state = { pid: 42, createTime: null, createdAt: null };
  for (
    const text of [
      "42",
      "42\n",
      "42\r\n",
      " 42 \n",
      "42\n/var/lib/postgresql/data\n1795366245\n5432\n",
    ]
  ) {
    assertEquals(parsePidFile(text), state);
  }
});

Deno.test("parsePidFile rejects an empty file as the pid is not written yet", () => {
  for (const text of ["", "\n", "\n42\n", "  \n"]) {
    assertThrows(
      () => parsePidFile(text),
      ReasonError,
      "its first line is empty: the process writes its pid there",
    );
  }
});

Deno.test("parsePidFile rejects an invalid pid and shows it", () => {
  for (
    const line of ["0", "-1", "1.5", "0x10", "1e3", "pid: 42", "2147483648"]
  ) {
    assertThrows(
      () => parsePidFile(`${line}\n`),
      ReasonError,
      `'${line}' is not a pid`,
    );
  }
  const shown = `'${"x".repeat(40)}…' is not a pid`;
  assertThrows(() => parsePidFile("x".repeat(99_999)), ReasonError, shown);
});
