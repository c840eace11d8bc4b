import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ProcessManager } from "../../../manager.ts";
import { clearLogs } from "../../../process/logs/log_file.ts";
import { asStranger, isRoot, STRANGER, TempDir, until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

/** Makes new files accessible to everybody until disposed. */
function openUmask(): Disposable {
  const before = Deno.umask(0);
  return { [Symbol.dispose]: () => void Deno.umask(before) };
}

/** Returns the permissions of a file or folder, in octal. */
function modeOf(path: string): string {
  return ((Deno.lstatSync(path).mode ?? 0) & 0o777).toString(8);
}

/** Returns the permissions of all files in a folder that others can access. */
function openFilesIn(dir: string): string[] {
  return Array.from(Deno.readDirSync(dir), ({ name }) => name)
    .filter((name) => !/^[67]00$/.test(modeOf(join(dir, name))));
}

Deno.test("a process keeps everything to its user, whatever the umask is", async () => {
  await using base = new TempBase();
  using _umask = openUmask();
  const manager = new ProcessManager({ dir: base.file("new/base") });
  const fn = async (secret: string) => {
    console.log(secret);
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  };
  const handle = await manager.runFunction(fn, { name: "a", args: ["secret"] });
  try {
    await until(async () => (await handle.refresh()).health !== null);
    assertEquals(modeOf(base.file("new")), "700");
    assertEquals(modeOf(base.file("new/base")), "700");
    assertEquals(modeOf(base.file("new/base/.locks")), "700");
    assertEquals(modeOf(handle.processDir), "700");
    assertEquals(openFilesIn(base.file("new/base/.locks")), []);
    assertEquals(openFilesIn(handle.processDir), []);
    await handle.terminate();
    await until(async () => (await handle.refresh()).exit !== null);
    assertEquals(openFilesIn(handle.processDir), []);
  } finally {
    await manager.removeAll();
  }
});

Deno.test("starting a process again closes its directory to others", async () => {
  await using base = new TempBase();
  const handle = await base.sh("a", "echo x; exec sleep 600");
  await handle.terminate();
  const { processDir } = handle;
  await Deno.chmod(processDir, 0o777);
  await Deno.chmod(handle.stdout.path, 0o644);
  await handle.start();
  assertEquals(modeOf(processDir), "700");
  assertEquals(modeOf(handle.stdout.path), "600");
});

Deno.test("run does not follow a symbolic link in place of the directory", async () => {
  await using base = new TempBase();
  using target = new TempDir();
  for (const path of [target.path, target.file("dangling")]) {
    await Deno.symlink(path, base.file("a"));
    await assertRejects(
      () => base.sh("a", "exec sleep 600"),
      Error,
      `Cannot run 'a' as '${
        base.file("a")
      }' is a symbolic link: use the folder that it leads to`,
    );
    await Deno.remove(base.file("a"));
  }
  assertEquals([...Deno.readDirSync(target.path)], []);
  assertEquals(await base.alive(), []);
});

Deno.test("start writes to no log that is a symbolic link or a FIFO", async () => {
  await using base = new TempBase();
  using target = new TempDir();
  const handle = await base.manager.create({ name: "a", cmd: ["echo", "x"] });
  const log = handle.stdout.path;
  const victim = await target.write("victim", "");
  await Deno.symlink(victim, log);
  await assertRejects(
    () => handle.start(),
    Error,
    `Cannot start 'a' as its log cannot be opened: '${log}' is a symbolic link: remove it`,
  );
  assertEquals(await Deno.readTextFile(victim), "");
  await Deno.remove(log);
  await new Deno.Command("mkfifo", { args: [log] }).output();
  await assertRejects(
    () => handle.start(),
    Error,
    `its log cannot be opened: '${log}' is not a regular file: remove it`,
  );
});

Deno.test("clearLogs empties a log behind a symbolic link", async () => {
  using dir = new TempDir();
  const target = await dir.write("elsewhere", "line\n");
  const stdout = dir.file("stdout.log");
  await Deno.symlink(target, stdout);
  await clearLogs({ stdout, stderr: dir.file("missing") });
  assertEquals(await Deno.readTextFile(target), "");
  assert((await Deno.lstat(stdout)).isSymlink);
});

Deno.test({
  name: "clearLogs does not follow a symbolic link of another user",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    const target = await dir.write("victim", "line\n");
    const stdout = dir.file("stdout.log");
    await Deno.symlink(target, stdout);
    await new Deno.Command("chown", { args: ["-h", `${STRANGER}`, stdout] })
      .output();
    await assertRejects(
      () => clearLogs({ stdout, stderr: null }),
      Error,
      `'${stdout}' belongs to another user (uid ${STRANGER})`,
    );
    assertEquals(await Deno.readTextFile(target), "line\n");
  },
});

Deno.test({
  name: "nothing in the directory of another user is run, signaled or removed",
  ignore: !isRoot,
  async fn() {
    await using base = new TempBase();
    const handle = await base.sh("a", "exec sleep 600");
    const { pid, processDir } = handle;
    await Deno.chown(processDir, STRANGER, STRANGER);
    const reason =
      `as '${processDir}' belongs to another user (uid ${STRANGER})`;
    const { manager } = base;
    await assertRejects(() => handle.start(), Error, reason);
    await assertRejects(() => handle.terminate(), Error, reason);
    await assertRejects(() => manager.remove("a"), Error, reason);
    await assertRejects(
      () => manager.run({ name: "a", cmd: "true", overwrite: true }),
      Error,
      reason,
    );
    // Watching it does no harm.
    assertEquals((await handle.refresh()).pid, pid);
    await Deno.chown(processDir, 0, 0);
    await handle.terminate();
    await Deno.chown(join(processDir, "config.json"), STRANGER, STRANGER);
    await assertRejects(
      () => handle.start(),
      Error,
      `Cannot start 'a' as '${
        join(processDir, "config.json")
      }' belongs to another user`,
    );
  },
});

Deno.test({
  name: "a directory is locked by itself where its user cannot write beside it",
  ignore: !isRoot,
  async fn() {
    using dir = new TempDir();
    await Deno.chmod(dir.path, 0o755);
    await Deno.mkdir(dir.file("a"));
    await Deno.chown(dir.file("a"), STRANGER, STRANGER);
    const module = import.meta.resolve(
      "../../../process/directory/process_directory.ts",
    );
    const output = await asStranger(
      module,
      `const dir = new module.ProcessDirectory(${
        JSON.stringify(dir.file("a"))
      });
       using lock = await dir.lock();
       console.log(lock !== null);`,
    );
    assertEquals(output, "true\n");
    assert((await Deno.stat(dir.file("a/start.lock"))).isFile);
  },
});

Deno.test("the folder of the locks is no process", async () => {
  await using base = new TempBase();
  await base.manager.create({ name: "a", cmd: "true" });
  assertEquals(base.locks, ["a.lock"]);
  const names = (await base.manager.list()).map(({ name }) => name);
  assertEquals(names, ["a"]);
  assertEquals(base.skipped, []);
});
