import { assertEquals, assertThrows } from "@std/assert";
import { basename, join, relative, resolve, toFileUrl } from "@std/path";
import { resolveSource } from "../../process/source.ts";
import { asNobody, isRoot, TempDir } from "./support.ts";

Deno.test("resolveSource takes a process directory in the original's layout", () => {
  using dir = new TempDir();
  assertEquals(resolveSource(dir.path), {
    name: basename(dir.path),
    named: false,
    processDir: dir.path,
    configFile: dir.file("config.json"),
    stateFile: dir.file("process_state.json"),
    exitFile: dir.file("exit.json"),
    pidFile: null,
    pid: null,
    healthFile: dir.file("health.json"),
    stdout: dir.file("stdout.log"),
    stderr: dir.file("stderr.log"),
  });
});

Deno.test("resolveSource takes a directory as any kind of path", () => {
  using dir = new TempDir();
  const url = toFileUrl(dir.path);
  const paths = [
    dir.path,
    `${dir.path}/`,
    url,
    url.href,
    `${url.href}/`,
    relative(Deno.cwd(), dir.path),
  ];
  for (const path of paths) {
    assertEquals(resolveSource(path).processDir, dir.path);
    assertEquals(resolveSource({ processDir: path }).processDir, dir.path);
    assertEquals(resolveSource({ stdout: path }).stdout, dir.path);
  }
});

Deno.test("resolveSource starts from the current folder", () => {
  assertEquals(
    resolveSource("no-such-folder").processDir,
    resolve("no-such-folder"),
  );
  assertEquals(resolveSource(".").processDir, Deno.cwd());
});

Deno.test("resolveSource takes ~ for the home folder", () => {
  const home = Deno.env.get("HOME") ?? "";
  using dir = new TempDir();
  using _restored = { [Symbol.dispose]: () => Deno.env.set("HOME", home) };
  Deno.env.set("HOME", dir.path);
  assertEquals(resolveSource("~/x").processDir, join(dir.path, "x"));
  assertEquals(
    resolveSource({ stdout: "~/x/y" }).stdout,
    join(dir.path, "x/y"),
  );
  assertEquals(resolveSource("~").processDir, dir.path);
  assertEquals(resolveSource("~x").processDir, resolve("~x"));

  Deno.env.delete("HOME");
  assertThrows(() => resolveSource("~/x"), TypeError, "as HOME is not set");
});

Deno.test("resolveSource takes anything that has a process directory", () => {
  using dir = new TempDir();
  class Handle {
    readonly pid = 42;
    readonly stdout = { tail: () => [] };
    get processDir() {
      return dir.path;
    }
    get name() {
      return "given";
    }
  }
  const resolved = resolveSource(new Handle());
  assertEquals(resolved.name, "given");
  assertEquals(resolved.configFile, dir.file("config.json"));
  assertEquals(resolved.stdout, dir.file("stdout.log"));
});

Deno.test("resolveSource takes a directory that does not exist yet", () => {
  using dir = new TempDir();
  assertEquals(resolveSource(dir.file("later/x")).name, "x");
});

Deno.test("resolveSource refuses a file where a directory is meant", async () => {
  using dir = new TempDir();
  const file = await dir.write("file", "");
  assertThrows(
    () => resolveSource(file),
    TypeError,
    `Cannot watch '${file}' as it is a file: name the process directory instead`,
  );
  assertThrows(
    () => resolveSource({ processDir: join(file, "x") }),
    TypeError,
    `Cannot watch '${file}/x' as a part of its path is a file: name the process directory instead`,
  );
});

Deno.test({
  name: "resolveSource leaves it to each look to say that permission is denied",
  ignore: !isRoot,
  fn() {
    using dir = new TempDir();
    {
      using _nobody = asNobody();
      assertEquals(resolveSource(dir.file("x")).name, "x");
    }
  },
});
