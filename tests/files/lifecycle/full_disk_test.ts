import { assertEquals, assertRejects } from "@std/assert";
import { ProcessManager } from "../../../manager.ts";
import { until } from "../support.ts";
import { canMount, SmallDisk } from "./small_disk.ts";

const FOREVER = ["sleep", "600"];

Deno.test({
  name: "a start on a full disk leaves nothing behind and names the reason",
  ignore: !canMount,
  async fn() {
    await using disk = await SmallDisk.mount();
    const manager = new ProcessManager({ dir: disk.path });
    const handle = await manager.create({ name: "b", cmd: FOREVER });
    disk.fill();
    await assertRejects(
      () => manager.run({ name: "a", cmd: FOREVER }),
      Error,
      "no space is left on the disk",
    );
    assertEquals(await manager.exists("a"), false);
    await assertRejects(
      () => handle.start(),
      Error,
      "Cannot start 'b' as its state cannot be written: no space is left on the disk",
    );
    assertEquals((await handle.refresh()).status, "stopped");
  },
});

Deno.test({
  name:
    "a process that filled the disk can be terminated, removed and replaced",
  ignore: !canMount,
  async fn() {
    await using disk = await SmallDisk.mount();
    const manager = new ProcessManager({ dir: disk.path });
    const handles = await Promise.all(
      ["a", "b", "c"].map((name) => manager.run({ name, cmd: FOREVER })),
    );
    disk.fill();
    const [a] = handles;
    const pids = handles.map(({ pid }) => pid);
    assertEquals((await a.terminate()).map(({ pid }) => pid), [pids[0]]);
    assertEquals([a.pid, a.status], [null, "stopped"]);
    await manager.remove("b");
    assertEquals(await manager.exists("b"), false);
    disk.empty();
    await until(async () => (await a.refresh()).exit !== null);
    assertEquals([a.exit?.reason, a.exit?.signal], ["terminated", "SIGTERM"]);
    const options = { name: "c", cmd: FOREVER, overwrite: true };
    const replaced = await manager.run(options);
    await replaced.terminate();
  },
});

Deno.test({
  name: "an exit on a full disk is recorded as soon as there is space",
  ignore: !canMount,
  async fn() {
    await using disk = await SmallDisk.mount();
    const manager = new ProcessManager({ dir: disk.path });
    const cmd = ["sh", "-c", "sleep 0.3; exit 7"];
    const handle = await manager.run({ name: "a", cmd });
    disk.fill();
    await until(async () => !await handle.isRunning());
    assertEquals(handle.exit, null);
    disk.empty();
    await until(async () => (await handle.refresh()).exit !== null);
    assertEquals([handle.status, handle.exit?.code], ["failed", 7]);
  },
});
