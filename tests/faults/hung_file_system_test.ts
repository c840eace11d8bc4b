/** What happens while a file system does not respond, and when it does again. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { ProcessHandle } from "../../handle.ts";
import { ProcessManager } from "../../manager.ts";
import {
  processDashboard,
  type ProcessWidget,
  processWidget,
} from "../../mod.ts";
import { gated } from "../../process/files/gate.ts";
import { RegularFile } from "../../process/files/regular_file.ts";
import { Slots } from "../../process/files/slots.ts";
import { isHeld, TempDir, until } from "../files/support.ts";
import { HangingMount, testHangs } from "./hanging_mount.ts";

/** Returns how long a call takes, in milliseconds. */
async function timeOf(call: () => unknown): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

/** Returns how many threads of this program wait for a FUSE file system. */
function countBlockedThreads(): number {
  return [...Deno.readDirSync("/proc/self/task")].filter(({ name }) => {
    try {
      const wait = Deno.readTextFileSync(`/proc/self/task/${name}/wchan`);
      return /fuse|request_wait_answer/.test(wait);
    } catch {
      // It has ended.
      return false;
    }
  }).length;
}

async function writeReports(dir: TempDir, status: string): Promise<void> {
  await dir.writeJson("health.json", { status });
  await dir.write("stdout.log", `${status}\n`);
}

testHangs(
  "a file system that hangs stops nothing but its own widgets",
  async () => {
    await using mount = await HangingMount.create();
    using dir = new TempDir();
    using linked = new TempDir();
    await writeReports(mount.source, "before");
    await writeReports(dir, "before");
    await Deno.symlink(mount.path, linked.file("link"));
    using healthy = processWidget(dir.path);
    using known = processWidget(mount.path);
    await known.refresh();
    await mount.hang();
    const widgets: ProcessWidget[] = [];
    const created = await timeOf(() => {
      for (let i = 0; i < 30; i++) {
        widgets.push(processWidget(i % 2 ? mount.path : linked.file("link")));
      }
    });
    try {
      assert(created < 1000, `creating them took ${created} ms`);
      const polls = await timeOf(() =>
        Promise.all([known, ...widgets].map((widget) => widget.refresh()))
      );
      assert(polls < 8000, `polling took ${polls} ms`);
      for (const widget of [known, ...widgets]) {
        const error = widget.get("error") ?? "";
        assert(
          /^Cannot read '.+' as its file system has not responded for \d+ s: check the mount '/
            .test(error) && error.includes(mount.path),
          error,
        );
        assertEquals(error.split("\n").length, 1, error);
      }
      // The last known values stay, beside the error.
      assertEquals(known.get("health_status"), "before");
      assertEquals(known.get("stdout_lines"), ["before"]);
      const blocked = countBlockedThreads();
      assert(blocked <= 4, `${blocked} threads are blocked`);

      // Others are not affected, be it the user or other widgets.
      const read = await timeOf(() => Deno.readTextFile("/etc/hostname"));
      assert(read < 1000, `reading took ${read} ms`);
      await writeReports(dir, "after");
      const poll = await timeOf(() => healthy.refresh());
      assert(poll < 1000, `polling took ${poll} ms`);
      assertEquals(healthy.get("error"), null);
      assertEquals(healthy.get("stdout_lines"), ["after"]);

      await writeReports(mount.source, "after");
      mount.resume();
      await until(async () => {
        await Promise.all(
          [known, ...widgets].map((widget) => widget.refresh()),
        );
        return [known, ...widgets].every((widget) =>
          widget.get("error") === null &&
          widget.get("health_status") === "after" &&
          widget.get("stdout_lines").at(-1) === "after"
        );
      });
      await until(() => countBlockedThreads() === 0);
    } finally {
      for (const widget of widgets) widget.close();
    }
  },
);

testHangs(
  "displaying, closing and following do not wait for a file system that hangs",
  async () => {
    await using mount = await HangingMount.create();
    const stdout = await mount.source.write("stdout.log", "a\n");
    const widget = processWidget({ stdout: mount.file("stdout.log") });
    await widget.refresh();
    assert(isHeld(mount.file("stdout.log")));
    const handle = new ProcessHandle(mount.path, "x");
    const following = handle.stdout.follow()[Symbol.asyncIterator]();
    assertEquals((await following.next()).value, "a");
    await mount.hang();
    const closing = await timeOf(() => widget.close());
    assert(closing < 500, `closing took ${closing} ms`);
    const next = following.next();
    await delay(2500);
    await Deno.writeTextFile(stdout, "b\n", { append: true });
    mount.resume();
    assertEquals((await next).value, "b");
    await following.return?.();
    await until(() => !isHeld(mount.file("stdout.log")));
  },
);

testHangs(
  "what is done with processes on a file system that hangs fails soon",
  async () => {
    await using mount = await HangingMount.create();
    await Deno.mkdir(mount.source.file("a"));
    await mount.source.writeJson("a/config.json", { cmd: ["sleep", "600"] });
    const manager = new ProcessManager({ dir: mount.path });
    const handle = await manager.get("a");
    await mount.hang();
    const reason = "its file system has not responded for";
    const calls = [
      () => handle.start(),
      () => handle.terminate(),
      () => manager.get("a"),
      () => manager.list(),
      () => manager.remove("a"),
      () => manager.run({ name: "b", cmd: "true" }),
    ];
    const time = await timeOf(() =>
      Promise.all(calls.map((call) => assertRejects(call, Error, reason)))
    );
    assert(time < 12_000, `the last one failed after ${time} ms`);
    mount.resume();
    await until(async () => (await handle.refresh()).status === "stopped");
  },
);

testHangs(
  "a file that opens after its reader has given up is closed",
  async () => {
    await using mount = await HangingMount.create();
    await mount.source.write("log", "a\n");
    const path = mount.file("log");
    const opening = gated(path, async () => {
      mount.hangNow();
      return await Deno.open(path);
    }, (late) => late.close());
    await assertRejects(() => opening, Error, "has not responded");
    mount.resume();
    await until(() =>
      RegularFile.open(path).then((file) => !!file, () => false)
    );
    await until(() => countBlockedThreads() === 0);
  },
);

Deno.test("a cell that blocks the kernel makes no file system count as hanging", async () => {
  using dir = new TempDir();
  const path = await dir.write("a", "");
  await gated(path, () => Deno.stat(path));
  const call = gated(path, () => Deno.stat(path));
  for (const end = performance.now() + 2500; performance.now() < end;);
  assertEquals((await call).size, 0);
});

Deno.test("one path without an answer does not stop others on its mount", async () => {
  const mount = { point: "/mnt", type: "nfs" };
  const slots = new Slots(() => Promise.resolve(mount));
  const stuck = Promise.withResolvers<string>();
  // Real calls keep the program running, unlike promises.
  const timer = setInterval(() => {}, 1000);
  using _stopped = { [Symbol.dispose]: () => clearInterval(timer) };
  const ask = (path: string, call: () => Promise<string>) =>
    slots.run(mount, path, call);
  const first = ask("/mnt/a", () => stuck.promise);
  assertEquals(await ask("/mnt/b", () => Promise.resolve("b")), "b");
  await assertRejects(() => first, Error, "not responded for 2 s");
  assertEquals(await ask("/mnt/b", () => Promise.resolve("b")), "b");
  const again = await timeOf(() =>
    assertRejects(() => ask("/mnt/a", () => Promise.resolve("a")), Error)
  );
  assert(again < 100, `it was refused after ${again} ms`);
  stuck.resolve("late");
  await delay(0);
  assertEquals(await ask("/mnt/a", () => Promise.resolve("a")), "a");
});

testHangs(
  "a file system that hangs delays no other row of a dashboard",
  async () => {
    await using mount = await HangingMount.create();
    using dir = new TempDir();
    await writeReports(mount.source, "before");
    await writeReports(dir, "before");
    const folder = new ProcessManager({ dir: `${mount.path}/processes` });
    using dashboard = processDashboard([folder, mount.path, dir.path], {
      interval: 100,
    });
    await dashboard.refresh();
    const row = (path: string) => {
      const ids = dashboard.get("ids");
      const rows = ids.map((id) => dashboard.get(`row:${id}`));
      return rows.find(({ process_dir }) => process_dir === path)!;
    };
    assertEquals(row(mount.path).last_line, "before");
    await mount.hang();
    await until(() => row(mount.path).error !== null);
    assert(row(mount.path).error!.includes("has not responded"));
    assertEquals(row(mount.path).last_line, "before");
    for (const status of ["one", "two", "three"]) {
      await writeReports(dir, status);
      const took = await timeOf(() =>
        until(() => row(dir.path).last_line === status)
      );
      assert(took < 1500, `'${status}' took ${took} ms`);
      assertEquals(row(dir.path).health_status, status);
    }
    await until(() => dashboard.get("error") !== null);
    assert(dashboard.get("error")!.includes("has not responded"));
    await mount.resume();
    await until(() => row(mount.path).error === null);
    await until(() => dashboard.get("error") === null);
  },
);
