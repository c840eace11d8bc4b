/** Push mode where changes are not reported, or not to everyone. */
import { assert, assertEquals } from "@std/assert";
import { processWidget } from "../../mod.ts";
import { countInstances, countWatches } from "../files/inotify.ts";
import { TempDir, until } from "../files/support.ts";
import { HangingMount, testHangs } from "./hanging_mount.ts";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

/** No poll but the first happens by itself. */
const PUSH = { watch: true, interval: 3_600_000 } as const;

/** Answers each line with the notice after a limit was set to a new value. */
const LIMITED = `
const [module, dir] = Deno.args;
const { processWidget } = await import(module);
const widget = processWidget(dir, { watch: true, interval: 50 });
await widget.refresh();
for await (const line of Deno.stdin.readable) {
  const [name, limit] = new TextDecoder().decode(line).trim().split(" ");
  const before = widget.get("watch_notice");
  widget.pause();
  Deno.writeTextFileSync("/proc/sys/user/max_inotify_" + name, limit);
  widget.resume();
  while (widget.get("watch_notice") === before) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  console.log(widget.get("watch_notice"));
}`;

testNamespaces(
  "push mode names an exhausted limit until it is raised",
  async () => {
    using dir = new TempDir();
    await dir.write("stdout.log", "a\n");
    const module = import.meta.resolve("../../mod.ts");
    await using program = new NamespacedProgram(LIMITED, [module, dir.path], {
      options: ["--user", "--map-root-user"],
    });
    assertEquals(
      await program.ask("instances 0"),
      "Cannot watch for changes as this user's inotify instances are exhausted: raise fs.inotify.max_user_instances",
    );
    assertEquals(await program.ask("instances 128"), "null");
    assertEquals(
      await program.ask("watches 0"),
      "Cannot watch for changes as this user's inotify watches are exhausted: raise fs.inotify.max_user_watches",
    );
    assertEquals(await program.ask("watches 128"), "null");
  },
);

Deno.test("push mode says that it lacks permissions, without asking for them", async () => {
  using dir = new TempDir();
  await dir.write("stdout.log", "a\n");
  const program = await dir.write(
    "program.ts",
    `import { processWidget } from ${
      JSON.stringify(import.meta.resolve("../../mod.ts"))
    };
    const widget = processWidget(Deno.args[0], { watch: true, interval: 50 });
    widget.on("change:watch_notice", ({ value }) => {
      console.log(value);
      widget.close();
    });`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-lock", "-A", "--deny-ffi"],
      ...["--config", "deno.json", program, dir.path],
    ],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout).trim(),
    `Cannot watch '${dir.path}' for changes as its file system is unknown: run this program with --allow-all`,
  );
});

testHangs("push mode only polls a FUSE file system", async () => {
  await using mount = await HangingMount.create();
  await mount.source.write("stdout.log", "a\n");
  using widget = processWidget(mount.path, { watch: true, interval: 50 });
  await until(() => widget.get("watch_notice") !== null);
  assertEquals(
    widget.get("watch_notice"),
    `Cannot watch '${mount.path}' for changes as its file system (fuse) may not report them`,
  );
  await mount.source.append("stdout.log", "b\n");
  await until(() => widget.get("stdout_lines").at(-1) === "b");
  assertEquals(countInstances(), 0);
});

testHangs("push mode does not wait for a file system that hangs", async () => {
  await using mount = await HangingMount.create();
  await mount.source.write("stdout.log", "a\n");
  using dir = new TempDir();
  await Deno.symlink(mount.file("stdout.log"), dir.file("stdout.log"));
  mount.hangNow();
  const widget = processWidget(dir.path, PUSH);
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  try {
    // The rest of the directory is watched.
    await until(() => countWatches() === 1);
    await dir.writeJson("health.json", { status: "good" });
    await until(() => widget.get("health_status") === "good");
    assert(widget.get("watch_notice")?.includes("(fuse)"));
    assert(longest < 500, `the kernel was blocked for ${longest} ms`);
  } finally {
    clearInterval(timer);
    widget.close();
    mount.resume();
  }
  await until(() => countInstances() === 0);
});
