/** A process directory that several containers or hosts share. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ProcessManager } from "../../manager.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { TempDir } from "../files/support.ts";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

/** Runs a process, and answers each line with its status as seen there. */
const OWNER = `
const [module, dir] = Deno.args;
const { run } = await import(module);
const handle = await run({ name: "a", cmd: ["sleep", "600"], dir });
console.log(handle.pid);
for await (const _ of Deno.stdin.readable) {
  const { status, pid } = await handle.refresh();
  console.log(status, pid);
}`;

function runElsewhere(
  dir: string,
  namespaces?: { options: readonly string[]; setup: string },
): NamespacedProgram {
  const args = [import.meta.resolve("../../manager.ts"), dir];
  return new NamespacedProgram(OWNER, args, namespaces);
}

/** Lets a program see another boot id, as after a restart or on another host. */
const OTHER_BOOT = `
id=/proc/sys/kernel/random
mount -t tmpfs tmpfs /mnt
cat $id/uuid > /mnt/boot_id
mount --bind /mnt/boot_id $id/boot_id`;

/** Returns the content of each file in a directory, by name. */
function contentOf(dir: string): Map<string, string> {
  const names = Array.from(Deno.readDirSync(dir), ({ name }) => name).sort();
  return new Map(names.map((name) => {
    return [name, Deno.readTextFileSync(join(dir, name))];
  }));
}

/** Asserts that the process can be neither seen, nor touched, nor replaced. */
async function assertUntouchable(
  base: string,
  owner: NamespacedProgram,
  where: string,
): Promise<void> {
  const manager = new ProcessManager({ dir: base });
  const pid = await owner.nextLine();
  const directory = new ProcessDirectory(join(base, "a"));
  const before = contentOf(directory.path);
  const reason =
    `it runs on ${where}: act there, or delete '${directory.stateFile}' if that`;

  const [handle] = await manager.list();
  using widget = handle.widget();
  await widget.refresh();
  assertEquals(widget.get("status"), "unknown");
  assertEquals(widget.get("pid"), null);
  const error = widget.get("error") ?? "";
  assert(error.startsWith(`Cannot see process ${pid} as ${reason}`), error);
  assertEquals((await manager.get("a")).status, "unknown");

  const options = { name: "a", cmd: ["sleep", "600"], overwrite: true };
  const attempts: [string, () => Promise<unknown>][] = [
    ["start", () => handle.start()],
    ["terminate", () => handle.terminate()],
    ["terminate", () => handle.restart()],
    ["terminate", () => manager.terminateAll()],
    ["terminate", () => manager.remove("a")],
    ["terminate", () => manager.run(options)],
  ];
  for (const [verb, attempt] of attempts) {
    await assertRejects(attempt, Error, `Cannot ${verb} 'a' as ${reason}`);
  }
  assertEquals(contentOf(directory.path), before);
  assertEquals(await owner.ask("status"), `running ${pid}`);
}

testNamespaces(
  "a process in another container is unknown, and is left alone",
  async () => {
    using base = new TempDir();
    await using owner = runElsewhere(base.path);
    const where =
      `'${Deno.hostname()}', in another container or outside of this one`;
    await assertUntouchable(base.path, owner, where);
  },
);

testNamespaces(
  "a process on another host is unknown, and is left alone",
  async () => {
    using base = new TempDir();
    await using owner = runElsewhere(base.path, {
      options: ["--uts"],
      setup: `hostname alpha\n${OTHER_BOOT}`,
    });
    await assertUntouchable(base.path, owner, "'alpha'");
  },
);

testNamespaces(
  "a process can be started again once the machine has restarted",
  async () => {
    using base = new TempDir();
    {
      await using owner = runElsewhere(base.path, {
        options: [],
        setup: OTHER_BOOT,
      });
      await owner.nextLine();
    }
    const manager = new ProcessManager({ dir: base.path });
    const handle = await manager.get("a");
    assertEquals([handle.status, handle.exit], ["stopped", null]);
    await handle.start();
    assertEquals(handle.status, "running");
    await manager.remove("a");
  },
);

testNamespaces(
  "a process whose container is gone can be started once its state is deleted",
  async () => {
    using base = new TempDir();
    {
      await using owner = runElsewhere(base.path);
      await owner.nextLine();
    }
    const manager = new ProcessManager({ dir: base.path });
    const handle = await manager.get("a");
    assertEquals(handle.status, "unknown");
    await Deno.remove(new ProcessDirectory(handle.processDir).stateFile);
    await handle.start();
    assertEquals(handle.status, "running");
    await manager.remove("a");
  },
);

testNamespaces(
  "terminate ends nothing in a container that uses the same path for another directory",
  async () => {
    using dir = new TempDir();
    const base = dir.file("base");
    await Deno.mkdir(base);
    await using owner = runElsewhere(base, {
      options: [],
      setup: `mount -t tmpfs tmpfs '${base}'`,
    });
    const pid = await owner.nextLine();
    const manager = new ProcessManager({ dir: base });
    const handle = await manager.create({ name: "a", cmd: "true" });
    assertEquals(await handle.terminate(), []);
    assertEquals(await owner.ask("status"), `running ${pid}`);
  },
);
