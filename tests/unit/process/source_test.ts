import { assertEquals, assertThrows } from "@std/assert";
import { type ProcessSource, resolveSource } from "../../../process/source.ts";

const EMPTY = {
  processDir: null,
  named: false,
  configFile: null,
  stateFile: null,
  startFile: null,
  exitFile: null,
  pidFile: null,
  pid: null,
  healthFile: null,
  stdout: null,
  stderr: null,
};

/** Resolves a value of any type: notebooks do not check types. */
function resolveUnchecked(source: unknown) {
  return resolveSource(source as ProcessSource);
}

Deno.test("resolveSource reads nothing, as a file system that hangs would block the kernel", () => {
  // This test runs without permissions, so that any access would throw.
  assertEquals(resolveSource("/some/process").processDir, "/some/process");
});

Deno.test("resolveSource accepts the single files of a process", () => {
  const files = {
    name: "nginx",
    pidFile: "/run/nginx.pid",
    healthFile: new URL("file:///run/nginx%20health.json"),
    stdout: "/var/log/nginx/../access.log",
    stderr: "file:///var/log/error.log",
  };
  assertEquals(resolveSource(files), {
    ...EMPTY,
    name: "nginx",
    named: true,
    pidFile: "/run/nginx.pid",
    healthFile: "/run/nginx health.json",
    stdout: "/var/log/access.log",
    stderr: "/var/log/error.log",
  });
});

Deno.test("resolveSource accepts a bare pid", () => {
  const resolved = { ...EMPTY, name: "pid 42", pid: 42 };
  assertEquals(resolveSource({ pid: 42 }), resolved);
  assertEquals(resolveSource({ pid: 42, stdout: undefined }), resolved);
});

Deno.test("resolveSource names a process after its first file", () => {
  const stdout = "/var/log/access.log";
  assertEquals(resolveSource({ pidFile: "/run/a.b.pid", stdout }).name, "a.b");
  assertEquals(resolveSource({ pid: 42, stdout }).name, "access");
  assertEquals(resolveSource({ stderr: "/x/errors" }).name, "errors");
  assertEquals(resolveSource({ healthFile: "/x/up.json" }).name, "up");
});

Deno.test("resolveSource rejects a source with nothing to watch", () => {
  for (const source of [{}, { name: "x" }, { stdout: undefined }]) {
    assertThrows(
      () => resolveSource(source),
      TypeError,
      "Cannot watch a process as its source names nothing to watch: give it some of pid, pidFile,",
    );
  }
});

Deno.test("resolveSource rejects an unknown key and names the known ones", () => {
  assertThrows(
    () => resolveUnchecked({ pid: 42, stdOut: "/x" }),
    TypeError,
    "Cannot watch 'stdOut' as there is no such key: use some of name, pid, pidFile, stdout, stderr, healthFile, or processDir",
  );
});

Deno.test("resolveSource rejects a pid beside a pid file", () => {
  assertThrows(
    () => resolveSource({ pid: 42, pidFile: "/run/x.pid" }),
    TypeError,
    "Cannot watch both 'pid' and 'pidFile'",
  );
});

Deno.test("resolveSource rejects an invalid pid", () => {
  for (const pid of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
    assertThrows(() => resolveSource({ pid }), RangeError, `'pid' is ${pid}:`);
  }
  for (const pid of ["42", true, {}]) {
    assertThrows(() => resolveUnchecked({ pid }), TypeError, "'pid' is");
  }
});

Deno.test("resolveSource rejects a URL of another machine", () => {
  const message = "is not on this machine: give a path or a 'file:' URL";
  for (const url of ["http://example.com/x", "https://example.com/"]) {
    for (const path of [url, new URL(url)]) {
      assertThrows(() => resolveSource(path), TypeError, message);
      assertThrows(() => resolveSource({ stdout: path }), TypeError, message);
      assertThrows(
        () => resolveSource({ processDir: path }),
        TypeError,
        message,
      );
    }
  }
});

Deno.test("resolveSource rejects a value that is not a path", () => {
  for (const path of ["", 42, null, true, ["/x"], {}]) {
    assertThrows(
      () => resolveUnchecked({ stdout: path }),
      TypeError,
      "Cannot use 'stdout' as",
    );
    assertThrows(
      () => resolveUnchecked({ processDir: path }),
      TypeError,
      "Cannot use the process directory as",
    );
  }
  assertThrows(() => resolveSource(""), TypeError, "is not a path");
});

Deno.test("resolveSource rejects a value that is not a source", () => {
  for (const source of [undefined, null, 42, true, [], ["/x"], () => "/x"]) {
    assertThrows(
      () => resolveUnchecked(source),
      TypeError,
      "name a process directory, or an object of files",
    );
  }
});

Deno.test("resolveSource rejects an invalid name", () => {
  for (const name of ["", 42, null, {}]) {
    assertThrows(
      () => resolveUnchecked({ pid: 42, name }),
      TypeError,
      "give a string that is not empty",
    );
  }
});
