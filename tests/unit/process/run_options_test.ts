import { assertEquals, assertThrows } from "@std/assert";
import {
  type CreateOptions,
  resolveSpec,
} from "../../../process/lifecycle/run_options.ts";

Deno.test("resolveSpec joins the program and its arguments", () => {
  const options = { name: "a", cwd: "/x" };
  const spec = { ...options, cmd: ["p", "1"], env: {}, ttlSeconds: null };
  assertEquals(resolveSpec({ ...options, cmd: "p", args: ["1"] }), spec);
  assertEquals(resolveSpec({ ...options, cmd: ["p", "1"] }), spec);
  assertEquals(resolveSpec({ ...options, cmd: ["p"], args: ["1"] }), spec);
  assertEquals(
    resolveSpec({ ...options, cmd: "p", cwd: new URL("file:///a%20b") }).cwd,
    "/a b",
  );
});

Deno.test("resolveSpec rejects invalid options and names them", () => {
  const cases: [object, string][] = [
    [{ cmd: "" }, "Cannot run 'a' as 'cmd' must be a program"],
    [{ cmd: [] }, "'cmd' must be a program"],
    [{ cmd: ["p", 1] }, "'cmd' must be a program"],
    [{ cmd: "p\0" }, "'cmd' must be free of NUL characters"],
    [{ args: "x" }, "'args' must be a list of strings"],
    [{ env: { A: 1 } }, "'env' must be an object of strings"],
    [{ cwd: 1 }, "Cannot use 'cwd' as 1 is not a path"],
    [{ ttlSeconds: "1" }, "'ttlSeconds' must be a number of seconds"],
    [{ ttlSeconds: 0 }, "'ttlSeconds' must be a finite number above 0"],
    [{ ttlSeconds: Infinity }, "'ttlSeconds' must be a finite number above 0"],
    [{ name: "../a" }, "Cannot name a process"],
    [{ runner: "docker" }, '\'runner\' must be "subprocess", "slurm" or'],
    [{ runner: { type: "slurm", cpu: 1 } }, "'runner' has no option 'cpu'"],
    [
      { runner: { type: "slurm", cpus: "1" } },
      "'runner.cpus' must be a number",
    ],
    [{ runner: { type: "slurm", partition: "a b" } }, "'runner.partition'"],
    [{ runner: { type: "slurm", options: "--x" } }, "'runner.options' must be"],
    [{ runner: { type: "slurm", options: ["x"] } }, "options such as"],
    [
      { runner: { type: "slurm", options: ["--output=x"] } },
      "cannot have '--output=x': its output goes to its logs",
    ],
    [
      { runner: { type: "slurm", time: 5 }, ttlSeconds: 60 },
      "both 'runner.time' and 'ttlSeconds'",
    ],
    [{ runner: "slurm", env: { "A-B": "" } }, 'variable "A-B"'],
  ];
  for (const [wrong, message] of cases) {
    const options = { name: "a", cmd: "p", cwd: "/", ...wrong };
    assertThrows(() => resolveSpec(options as CreateOptions), Error, message);
  }
});
