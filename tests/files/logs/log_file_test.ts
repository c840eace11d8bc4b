import { assertEquals, assertRejects } from "@std/assert";
import { LogFile } from "../../../process/logs/log_file.ts";
import { TempDir, until } from "../support.ts";

/** Returns a log that counts as being written to while `state.written` is true. */
function logIn(dir: TempDir) {
  const state = { written: true };
  const log = new LogFile(
    dir.file("log"),
    () => Promise.resolve(state.written),
  );
  return { log, state };
}

Deno.test("LogFile returns the first lines, the last lines and all lines", async () => {
  using dir = new TempDir();
  const { log } = logIn(dir);
  assertEquals([await log.tail(), await log.head(), await log.readLines()], [
    [],
    [],
    [],
  ]);
  await dir.write("log", "a\r\nb\nc\nd");
  assertEquals(await log.head(2), ["a", "b"]);
  assertEquals(await log.head(0), []);
  assertEquals(await log.tail(2), ["c", "d"]);
  assertEquals(await log.readLines(), ["a", "b", "c", "d"]);
  for (const n of [-1, 1.5, NaN]) {
    await assertRejects(() => log.head(n), RangeError, `value is ${n}`);
    await assertRejects(() => log.tail(n), RangeError, `value is ${n}`);
  }
});

Deno.test("LogFile throws an error that explains why it cannot be read", async () => {
  using dir = new TempDir();
  const { log } = logIn(dir);
  await dir.fifo("log");
  const reason = "as it is a FIFO";
  await assertRejects(() => log.tail(), Error, reason);
  await assertRejects(() => log.head(), Error, reason);
  await assertRejects(() => log.readLines(), Error, reason);
  await assertRejects(() => Array.fromAsync(log), Error, reason);
});

Deno.test("LogFile follows a log until it is no longer written to", async () => {
  using dir = new TempDir();
  const { log, state } = logIn(dir);
  const seen: string[] = [];
  const following = (async () => {
    for await (const line of log) seen.push(line);
  })();
  await dir.write("log", "a\nb");
  await until(() => seen.length === 1);
  await dir.append("log", [0x62, 0xc3]);
  await dir.append("log", [0xa9, 0x0a]);
  await until(() => seen.length === 2);
  await dir.write("log", "c\n");
  await until(() => seen.length === 3);
  await Deno.rename(dir.file("log"), dir.file("log.1"));
  await dir.write("log", "d\ne");
  await until(() => seen.length === 4);
  state.written = false;
  await following;
  assertEquals(seen, ["a", "bbé", "c", "d", "e"]);
});

Deno.test("LogFile stops following when its signal is aborted", async () => {
  using dir = new TempDir();
  const { log } = logIn(dir);
  await dir.write("log", "a\nb\n");
  const end = new AbortController();
  const seen: string[] = [];
  for await (const line of log.follow({ signal: end.signal })) {
    seen.push(line);
    end.abort();
  }
  assertEquals(seen, ["a"]);
});
