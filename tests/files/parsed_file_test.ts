import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { parseHealth } from "../../process/directory/health.ts";
import {
  MAX_PARSED_SIZE,
  ParsedFile,
  parseObject,
} from "../../process/files/parsed_file.ts";
import { asNobody, isRoot, TempDir } from "./support.ts";

/** A modification time old enough for a file to be trusted as unchanged. */
const LONG_AGO = new Date("2026-01-02T03:04:05Z");

/** Returns a file, and the texts that were parsed. */
function countedFile(path: string) {
  const parsed: string[] = [];
  const file = new ParsedFile(path, (text) => {
    parsed.push(text);
    return text;
  });
  return { file, parsed };
}

Deno.test("ParsedFile returns the parsed value, and null while the file is missing", async () => {
  using dir = new TempDir();
  const { file } = countedFile(dir.file("file"));
  assertEquals(await file.read(), { value: null, error: null });
  await dir.write("file", "a");
  assertEquals(await file.read(), { value: "a", error: null });
  await Deno.remove(file.path);
  assertEquals(await file.read(), { value: null, error: null });
});

Deno.test("ParsedFile reads a file again only after it has changed", async () => {
  using dir = new TempDir();
  const { file, parsed } = countedFile(await dir.write("file", "a"));
  await Deno.utime(file.path, LONG_AGO, LONG_AGO);
  const reading = await file.read();
  assertStrictEquals(await file.read(), reading);
  assertEquals(parsed, ["a"]);
  await dir.write("file", "b");
  assertEquals((await file.read()).value, "b");
});

Deno.test("ParsedFile detects a second change within the resolution of file times", async () => {
  using dir = new TempDir();
  const { file } = countedFile(await dir.write("file", "a"));
  const now = new Date();
  await Deno.utime(file.path, now, now);
  assertEquals((await file.read()).value, "a");
  await dir.write("file", "b");
  await Deno.utime(file.path, now, now);
  assertEquals((await file.read()).value, "b");
});

Deno.test("ParsedFile detects that a file was replaced by one of the same size and time", async () => {
  using dir = new TempDir();
  const { file } = countedFile(await dir.write("file", "a"));
  await dir.write("new", "b");
  for (const name of ["file", "new"]) {
    await Deno.utime(dir.file(name), LONG_AGO, LONG_AGO);
  }
  assertEquals((await file.read()).value, "a");
  await Deno.rename(dir.file("new"), file.path);
  assertEquals((await file.read()).value, "b");
});

Deno.test("ParsedFile returns the same object until the file is written again", async () => {
  using dir = new TempDir();
  const path = await dir.writeJson("file", { at: 1 });
  const file = new ParsedFile(path, parseObject);
  const first = (await file.read()).value;
  // Its time is recent, so it is read again, but has not changed.
  assertStrictEquals((await file.read()).value, first);
  await Deno.utime(path, 1, 1);
  const touched = (await file.read()).value;
  assert(touched !== first, "written with the same content");
  assertEquals(touched, first);
});

Deno.test("ParsedFile keeps the last good value while a file is half-written", async () => {
  using dir = new TempDir();
  const path = await dir.writeJson("health", { status: "healthy" });
  const file = new ParsedFile(path, parseHealth);
  const { value: good } = await file.read();
  assertEquals(good?.status, "healthy");

  const half = '{"status": "degr';
  await dir.write("health", half);
  for (let attempt = 0; attempt < 2; attempt++) {
    assertEquals(await file.read(), {
      value: good,
      error:
        `Cannot read '${file.path}' as it is not valid JSON: it is half-written or broken, and is read again when it changes`,
    });
  }

  await dir.append("health", 'aded"}');
  const { value, error } = await file.read();
  assertEquals(value?.status, "degraded");
  assertEquals(error, null);
});

Deno.test("ParsedFile reports that a file is not UTF-8", async () => {
  using dir = new TempDir();
  for (const bytes of [[0xff], [0x61, 0xe2, 0x82]]) {
    const { file } = countedFile(await dir.write("file", bytes));
    assertEquals(await file.read(), {
      value: null,
      error: `Cannot read '${file.path}' as it is not UTF-8: write it as UTF-8`,
    });
  }
});

Deno.test("ParsedFile joins characters that are split across chunks of a large file", async () => {
  using dir = new TempDir();
  const text = "€".repeat(MAX_PARSED_SIZE / 3);
  const { file } = countedFile(await dir.write("file", text));
  assert((await file.read()).value === text);
});

Deno.test("ParsedFile rejects a file larger than 1 MiB", async () => {
  using dir = new TempDir();
  const { file } = countedFile(await dir.write("file", "a"));
  await Deno.truncate(file.path, MAX_PARSED_SIZE);
  assertEquals((await file.read()).error, null);
  await Deno.truncate(file.path, MAX_PARSED_SIZE + 1);
  const { value, error } = await file.read();
  assertEquals(value?.length, MAX_PARSED_SIZE);
  assertEquals(
    error,
    `Cannot read '${file.path}' as it is larger than 1 MiB: keep it small`,
  );
  await Deno.truncate(file.path, 5 * 2 ** 30);
  assertEquals((await file.read()).error, error);
});

Deno.test("ParsedFile rejects an endless device of size 0", async () => {
  const { file } = countedFile("/dev/zero");
  assertEquals(
    (await file.read()).error,
    "Cannot read '/dev/zero' as it is a device: put a regular file in its place",
  );
});

Deno.test("ParsedFile reports anything but a regular file, without blocking on it", async () => {
  using dir = new TempDir();
  const what = [[dir.path, "directory"], [await dir.fifo("fifo"), "FIFO"]];
  for (const [path, kind] of what) {
    const { file } = countedFile(path);
    assertEquals(
      (await file.read()).error,
      `Cannot read '${path}' as it is a ${kind}: put a regular file in its place`,
    );
  }
});

Deno.test("ParsedFile reports that a part of its path is a file", async () => {
  using dir = new TempDir();
  await dir.write("file", "a");
  const { file } = countedFile(dir.file("file/health.json"));
  assertEquals(
    (await file.read()).error,
    `Cannot read '${file.path}' as a part of its path is a file: name another path`,
  );
});

Deno.test({
  name:
    "ParsedFile reports that permission is denied, and keeps the last good value",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    await Deno.chmod(dir.path, 0o755);
    const { file } = countedFile(await dir.write("file", "a", { mode: 0o600 }));
    await file.read();
    await dir.write("file", "b");
    using _nobody = asNobody();
    assertEquals(await file.read(), {
      value: "a",
      error:
        `Cannot read '${file.path}' as permission is denied: let this user read it`,
    });
  },
});

Deno.test("ParsedFile reports links that form a loop, on the way and at its end", async () => {
  using dir = new TempDir();
  await Deno.symlink(dir.file("b"), dir.file("a"));
  await Deno.symlink(dir.file("a/x"), dir.file("b"));
  for (const path of [dir.file("a"), dir.file("b/c")]) {
    const { error } = await new ParsedFile(path, JSON.parse).read();
    assertEquals(
      error,
      `Cannot read '${path}' as its symbolic links form a loop: correct them`,
    );
  }
});

Deno.test("ParsedFile drops an error when an unchanged file can be reached again", async () => {
  using dir = new TempDir();
  await Deno.mkdir(dir.file("sub"));
  const path = await dir.write("sub/file", "a");
  await Deno.utime(path, 1, 1);
  const file = new ParsedFile(path, (text) => text);
  assertEquals(await file.read(), { value: "a", error: null });
  await Deno.rename(dir.file("sub"), dir.file("away"));
  await dir.write("sub", "");
  const { value, error } = await file.read();
  assertEquals([value, error === null], ["a", false]);
  await Deno.remove(dir.file("sub"));
  await Deno.rename(dir.file("away"), dir.file("sub"));
  assertEquals(await file.read(), { value: "a", error: null });
});
