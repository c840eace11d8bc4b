import { assert, assertEquals } from "@std/assert";
import { LogTail } from "../../../process/logs/tail.ts";
import { asNobody, isHeld, isRoot, linesOf, TempDir } from "../support.ts";

Deno.test("LogTail reports anything but a regular file, without blocking on it", async () => {
  using dir = new TempDir();
  const fifo = await dir.fifo("fifo");
  const what = [
    [dir.path, "a directory"],
    [fifo, "a FIFO"],
    ["/dev/null", "a device"],
  ];
  for (const [path, kind] of what) {
    using tail = new LogTail(path, 5);
    assertEquals(await tail.read(), {
      value: { first: 0, lines: [] },
      error:
        `Cannot read '${path}' as it is ${kind}: put a regular file in its place`,
    });
  }
});

Deno.test("LogTail keeps the last good lines while it reports an error", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.rename(path, dir.file("log.1"));
  await Deno.mkdir(path);
  const { value, error } = await tail.read();
  assertEquals(value.lines, ["a"]);
  assert(error?.includes("it is a directory"));
  await Deno.remove(path);
  await dir.write("log", "b\n");
  assertEquals(await linesOf(tail), ["a", "b"]);
});

Deno.test({
  name: "LogTail reports that permission is denied",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    await Deno.chmod(dir.path, 0o755);
    const path = await dir.write("log", "a\n", { mode: 0o600 });
    using tail = new LogTail(path, 5);
    {
      using _nobody = asNobody();
      assertEquals(await tail.read(), {
        value: { first: 0, lines: [] },
        error:
          `Cannot read '${path}' as permission is denied: let this user read it`,
      });
    }
    assertEquals(await linesOf(tail), ["a"]);
  },
});

Deno.test("LogTail answers concurrent reads one after the other", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  await Deno.utime(path, 1, 1);
  using tail = new LogTail(path, 5);
  const reads = [tail.read(), tail.read(), tail.read()];
  for (const { value } of await Promise.all(reads)) {
    assertEquals(value.lines, ["a"]);
  }
  assertEquals(tail.bytesRead, 2);
});

Deno.test("LogTail closes its file, and can be closed twice", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  assert(isHeld(path));
  tail.close();
  assert(!isHeld(path));
  tail.close();
  await dir.append("log", "b\n");
  assertEquals(await linesOf(tail), ["a"]);
});

Deno.test("LogTail can be closed during a read", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  const tail = new LogTail(path, 5);
  await linesOf(tail);
  await dir.append("log", "b\n");
  const reading = linesOf(tail);
  await Promise.resolve();
  tail.close();
  assert(isHeld(path));
  assertEquals(await reading, ["a", "b"]);
  assert(!isHeld(path));
});

Deno.test("LogTail opens nothing if it is closed before it reads", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  const tail = new LogTail(path, 5);
  const reading = linesOf(tail);
  tail.close();
  assertEquals(await reading, []);
  assert(!isHeld(path));
});
