import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { fromFileUrl } from "@std/path";
import type { ProcessHandle } from "../../../handle.ts";
import { ProcessManager, run } from "../../../manager.ts";
import { ProcessDirectory } from "../../../process/directory/process_directory.ts";
import { asStranger, isRoot, TempDir, TempProcess, until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

Deno.test("ProcessManager finds the processes that were created", async () => {
  await using base = new TempBase();
  const { manager } = base;
  assertEquals(await manager.list(), []);
  assertEquals(await manager.exists("b"), false);
  await base.sh("b", "exec sleep 600");
  const created = await manager.create({ name: "a", cmd: "true" });
  assertEquals(created.status, "stopped");
  const { pid } = await manager.get("b");
  const [first, second, ...others] = (await manager.list()).map(String);
  assertEquals([first, others], ["ProcessHandle a: stopped", []]);
  // Linux knows the moment of its boot, and with it that of a start, to a second.
  const line = new RegExp(`^ProcessHandle b: running, pid ${pid}, up [01]s$`);
  assertMatch(second, line);
  assertEquals(await manager.exists("a"), true);
  assertEquals(await manager.isRunning("a"), false);
  assertEquals(await manager.isRunning("b"), true);
  assertEquals(await manager.isRunning("c"), false);
  await assertRejects(
    () => manager.get("c"),
    Error,
    `Cannot get 'c' as there is no such process in '${base.path}': run it first`,
  );
});

Deno.test("ProcessManager terminates and removes processes", async () => {
  await using base = new TempBase();
  const { manager } = base;
  const a = await base.sh("a", "exec sleep 600");
  const b = await base.sh("b", "exec sleep 600");
  const ended = await manager.terminateAll();
  assertEquals([...ended.keys()], ["a", "b"]);
  await Promise.all([a.start(), b.start()]);
  await manager.remove("a");
  assertEquals(base.names, ["b"]);
  await manager.remove("a");
  await manager.removeAll();
  assertEquals(base.names, []);
  assertEquals(base.locks, []);
  assertEquals(await base.alive(), []);
  await assertRejects(
    () => a.start(),
    Error,
    "Cannot start 'a' as its directory was removed: run it again",
  );
});

Deno.test("run rejects a name that exists, unless it is to overwrite it", async () => {
  await using base = new TempBase();
  const first = await base.sh("a", "echo first; exec sleep 600");
  const options = { name: "a", cmd: ["sh", "-c", "echo second; sleep 600"] };
  await assertRejects(
    () => base.manager.run(options),
    Error,
    "Cannot run 'a' as there is a process of that name: get() returns it, { overwrite: true } replaces it",
  );
  assert(await first.isRunning());
  const second = await base.manager.run({ ...options, overwrite: true });
  await until(async () => (await second.stdout.tail()).length === 1);
  assertEquals(await second.stdout.readLines(), ["second"]);
});

Deno.test("only one of several managers starts a process of the same name", async () => {
  await using base = new TempBase();
  const managers = Array.from(
    { length: 8 },
    () => new ProcessManager({ dir: base.path }),
  );
  const options = { name: "a", cmd: ["sleep", "600"] };
  const runs = await Promise.allSettled(
    managers.map((manager) => manager.run(options)),
  );
  const won = runs.filter(({ status }) => status === "fulfilled");
  assertEquals(won.length, 1);
  for (const run of runs) {
    if (run.status === "rejected") {
      assert(run.reason.message.includes("there is a process of that name"));
    }
  }
  assertEquals((await base.alive()).length, 1);

  const handles = await Promise.all(
    managers.map((manager) => manager.get("a")),
  );
  await handles[0].terminate();
  const starts = await Promise.allSettled(
    handles.map((handle) => handle.start()),
  );
  const messages = starts.flatMap((start) =>
    start.status === "rejected" ? start.reason.message : []
  );
  assertEquals(messages.length, handles.length - 1);
  for (const message of messages) {
    assert(message.startsWith("Cannot start 'a' as it is already running as"));
  }
  assertEquals((await base.alive()).length, 1);
});

Deno.test("only one of several programs starts a process of the same name", async () => {
  await using base = new TempBase();
  const flag = base.file(".go");
  const code = `
    const [manager, dir, flag] = Deno.args;
    const { run } = await import(manager);
    console.log("ready");
    while (true) {
      try { Deno.statSync(flag); break; } catch { /* Not yet. */ }
    }
    const options = { name: "a", cmd: ["sleep", "600"], dir };
    const result = await run(options).then(() => "won", (error) => error.message);
    console.error(result);`;
  const programs = [1, 2, 3].map(() =>
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["eval", "--no-lock", code],
        ...[import.meta.resolve("../../../manager.ts"), base.path, flag],
      ],
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn()
  );
  const outputs = programs.map((program) => program.stderr);
  await Promise.all(programs.map(async ({ stdout }) => {
    for await (const _ of stdout) break;
  }));
  await Deno.writeTextFile(flag, "");
  const results = await Promise.all(
    outputs.map((output) => new Response(output).text()),
  );
  await Promise.all(programs.map(({ status }) => status));
  assertEquals(
    results.filter((text) => text === "won\n").length,
    1,
    results.join(),
  );
  assertEquals(
    results.filter((text) => text.includes("there is a process of that name"))
      .length,
    2,
    results.join(),
  );
  assertEquals((await base.alive()).length, 1);
});

Deno.test("a program that crashes while it starts a process does not block others", async () => {
  await using base = new TempBase();
  await using crashed = new TempProcess([
    Deno.execPath(),
    "eval",
    "--no-lock",
    `const [module, path] = Deno.args;
     const { ProcessDirectory } = await import(module);
     const lock = await new ProcessDirectory(path).create();
     console.log("locked");
     setInterval(() => lock, 1000);`,
    import.meta.resolve("../../../process/directory/process_directory.ts"),
    base.file("a"),
  ], { stdout: "piped", env: { NO_COLOR: "1" } });
  assertEquals(await crashed.firstLine(), "locked");
  const running = base.sh("a", "exec sleep 600");
  await crashed.kill();
  assertEquals((await running).status, "running");
});

Deno.test("list skips directories that it cannot read, and reports them", async () => {
  await using base = new TempBase();
  await base.manager.create({ name: "good", cmd: "true" });
  const configs: Record<string, string> = {
    broken: '{"name":',
    wrong: '{"cmd":"not a list"}',
    bare: "{}",
    rich: '{"name":"rich","cmd":["true"],"more":{"x":1},"ttl_seconds":null}',
  };
  for (const [name, config] of Object.entries(configs)) {
    await Deno.mkdir(base.file(name));
    const { configFile } = new ProcessDirectory(base.file(name));
    await Deno.writeTextFile(configFile, config);
  }
  await Deno.mkdir(base.file("no-process"));
  await Deno.mkdir(base.file(".hidden"));
  await Deno.writeTextFile(base.file("file"), "");
  const handles = await base.manager.list();
  assertEquals(handles.map(({ name }) => name), ["bare", "good", "rich"]);
  assertEquals(base.skipped.length, 2);
  assert(base.skipped[0].includes("it is not valid JSON"));
  assert(base.skipped[1].includes("'cmd' is not a list of strings"));
  await assertRejects(
    () => handles[0].start(),
    Error,
    "Cannot start 'bare' as its config.json has no 'cmd'",
  );
});

Deno.test("a process name cannot refer to a path outside the base folder", async () => {
  await using base = new TempBase();
  using outside = new TempDir();
  const { configFile } = new ProcessDirectory(outside.path);
  const config = { name: "x", cmd: ["true"] };
  await Deno.writeTextFile(configFile, JSON.stringify(config));
  const name = `../${outside.path.split("/").at(-1)}`;
  const { manager } = base;
  for (
    const attempt of [
      () => manager.get(name),
      () => manager.remove(name),
      () => manager.run({ name, cmd: "true" }),
      () => manager.create({ name, cmd: "true", overwrite: true }),
    ]
  ) {
    await assertRejects(attempt, TypeError, "Cannot name a process");
  }
  assert(await exists(configFile));
});

/** Returns the path of the file that names the running process. */
function stateFileOf({ processDir }: ProcessHandle): string {
  return new ProcessDirectory(processDir).stateFile;
}

/** Asserts that a command cannot be started and leaves nothing behind. */
async function assertCannotStart(
  base: TempBase,
  options: { cmd: string[]; cwd?: string },
  reason: string,
): Promise<void> {
  await assertRejects(
    () => base.manager.run({ name: "a", ...options }),
    Error,
    `Cannot run 'a' as ${reason}`,
  );
  assertEquals(base.names, []);
  assertEquals(await base.alive(), []);
  const handle = await base.manager.create({ name: "a", ...options });
  await assertRejects(
    () => handle.start(),
    Error,
    `Cannot start 'a' as ${reason}`,
  );
  assertEquals((await handle.refresh()).status, "stopped");
  assertEquals(await exists(stateFileOf(handle)), false);
  await base.manager.remove("a");
}

Deno.test("a failed start leaves nothing behind and names the reason", async () => {
  await using base = new TempBase();
  using dir = new TempDir();
  const script = await dir.write("script", "#!/bin/sh\n");
  const uninterpretable = await dir.write(
    "uninterpretable",
    "#!/no/such/interpreter\n",
  );
  await Deno.chmod(uninterpretable, 0o755);
  const missing = dir.file("missing");
  await assertCannotStart(
    base,
    { cmd: ["no-such-program"] },
    "there is no program 'no-such-program'",
  );
  await assertCannotStart(
    base,
    { cmd: [uninterpretable] },
    `there is no program '${uninterpretable}', or the interpreter`,
  );
  await assertCannotStart(
    base,
    { cmd: [script] },
    `'${script}' is not executable`,
  );
  await assertCannotStart(
    base,
    { cmd: ["true"], cwd: missing },
    `its folder '${missing}' does not exist`,
  );
  await assertCannotStart(
    base,
    { cmd: ["true"], cwd: script },
    `'${script}' is not a folder`,
  );
});

Deno.test("run rejects a base folder that is a file", async () => {
  using dir = new TempDir();
  const file = await dir.write("file", "");
  await assertRejects(
    () => run({ name: "a", cmd: "true", dir: file }),
    Error,
    "Cannot run 'a' as",
  );
});

Deno.test({
  name: "run rejects a base folder that it cannot write to",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    await Deno.chmod(dir.path, 0o755);
    const message = await asStranger(
      import.meta.resolve("../../../manager.ts"),
      `await module.run({ name: "a", cmd: "true", dir: ${
        JSON.stringify(dir.path)
      } }).catch((error) => console.log(error.message));`,
    );
    assert(
      message.startsWith("Cannot run 'a' as permission is denied"),
      message,
    );
    assertEquals([...Deno.readDirSync(dir.path)], []);
  },
});

Deno.test("run works in a bundle", async () => {
  await using base = new TempBase();
  const bundle = base.file("process-widget.js");
  const entry = fromFileUrl(import.meta.resolve("../../../mod.ts"));
  await command(Deno.execPath(), "bundle", entry, "-o", bundle);
  const code = `
    const [bundle, dir] = Deno.args;
    const { run } = await import(bundle);
    await run({ name: "a", cmd: ["sh", "-c", "exit 5"], dir });`;
  const args = ["eval", "--no-config", code, bundle, base.path];
  await command(Deno.execPath(), ...args);
  const handle = await base.manager.get("a");
  await until(async () => (await handle.refresh()).exit?.code === 5);
});

async function command(name: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(name, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}
