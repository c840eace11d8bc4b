import { assertEquals } from "@std/assert";
import { basename, join, relative, resolve, toFileUrl } from "@std/path";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { resolveSource } from "../../process/source.ts";
import { setHome, TempDir } from "./support.ts";

Deno.test("resolveSource accepts a process directory in the original's layout", () => {
  using dir = new TempDir();
  assertEquals(resolveSource(dir.path), {
    name: basename(dir.path),
    named: false,
    processDir: dir.path,
    configFile: dir.file("config.json"),
    stateFile: dir.file("process_state.json"),
    startFile: dir.file("start.json"),
    exitFile: dir.file("exit.json"),
    pidFile: null,
    pid: null,
    healthFile: dir.file("health.json"),
    stdout: dir.file("stdout.log"),
    stderr: dir.file("stderr.log"),
  });
});

Deno.test("resolveSource accepts a directory as any kind of path", () => {
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

Deno.test("resolveSource resolves relative paths against the current folder", () => {
  assertEquals(
    resolveSource("no-such-folder").processDir,
    resolve("no-such-folder"),
  );
  assertEquals(resolveSource(".").processDir, Deno.cwd());
});

Deno.test("resolveSource expands ~ to the home folder", () => {
  using dir = new TempDir();
  using _home = setHome(dir.path);
  assertEquals(resolveSource("~/x").processDir, join(dir.path, "x"));
  assertEquals(
    resolveSource({ stdout: "~/x/y" }).stdout,
    join(dir.path, "x/y"),
  );
  assertEquals(resolveSource("~").processDir, dir.path);
  assertEquals(resolveSource("~x").processDir, resolve("~x"));
});

Deno.test("resolveSource accepts any object with a process directory", () => {
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
  const { configFile, stdoutLog } = new ProcessDirectory(dir.path);
  assertEquals(resolved.configFile, configFile);
  assertEquals(resolved.stdout, stdoutLog);
});

Deno.test("resolveSource accepts a directory that does not exist yet", () => {
  using dir = new TempDir();
  assertEquals(resolveSource(dir.file("later/x")).name, "x");
});
