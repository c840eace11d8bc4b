/** Polls of many widgets where changes are not reported, or folders hang. */
import { assert, assertEquals } from "@std/assert";
import { countInstances } from "../files/inotify.ts";
import { QuietReader } from "../files/quiet_reader.ts";
import { TempDir, until } from "../files/support.ts";
import { HangingMount, testHangs } from "./hanging_mount.ts";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

/** Displays 40 widgets, lets all logs grow, and prints how long that took to show. */
const MANY = `
const [module, dir] = Deno.args;
const { processWidget } = await import(module);
for await (const _ of Deno.stdin.readable) {
  try {
    Deno.writeTextFileSync("/proc/sys/user/max_inotify_watches", "10");
  } catch {
    // Where foreign functions are denied, it makes no difference.
  }
  const widgets = Array.from({ length: 40 }, (_, i) => {
    const path = dir + "/" + i;
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(path + "/stdout.log", "a\\n");
    return processWidget(path, { interval: 50 });
  });
  const show = async (line) => {
    while (!widgets.every((it) => it.get("stdout_lines").at(-1) === line)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await show("a");
  for (const line of "bcdefghij") {
    widgets.forEach((_, i) =>
      Deno.writeTextFileSync(dir + "/" + i + "/stdout.log", line + "\\n", {
        append: true,
      })
    );
    const start = performance.now();
    await show(line);
    const ms = performance.now() - start;
    if (ms > 2000) console.log("It took " + ms + " ms");
  }
  console.log(widgets.map((it) => it.get("watch_notice") ?? "").join(""));
  for (const widget of widgets) widget.close();
}`;

testNamespaces(
  "many widgets show changes where too few can be watched",
  async () => {
    using dir = new TempDir();
    const module = import.meta.resolve("../../mod.ts");
    await using program = new NamespacedProgram(MANY, [module, dir.path], {
      options: ["--user", "--map-root-user"],
    });
    assertEquals(await program.ask(""), "");
  },
);

testHangs("a folder on a FUSE file system is never quiet", async () => {
  await using mount = await HangingMount.create();
  await mount.source.writeJson("health.json", { status: "healthy" });
  await using reader = new QuietReader(mount.path);
  for (let i = 0; i < 5; i++) {
    await mount.source.writeJson("health.json", { status: `${i}` });
    assertEquals((await reader.poll()).health?.status, `${i}`);
    assertEquals([await reader.isQuiet(), reader.armed], [false, false]);
  }
  assertEquals(countInstances(), 0);
  await mount.hang();
  const { error, health } = await reader.poll();
  assert(error?.includes("has not responded"), `${error}`);
  assertEquals(health?.status, "4");
  mount.resume();
  await until(async () => (await reader.poll()).error === null);
});

testHangs("a quiet folder whose path comes to hang shows that", async () => {
  await using mount = await HangingMount.create();
  using dir = new TempDir();
  for (const place of [dir.file("a"), mount.source.path]) {
    await Deno.mkdir(`${place}/x`, { recursive: true });
    await Deno.writeTextFile(`${place}/x/health.json`, '{"status":"good"}');
  }
  await Deno.symlink(dir.file("a"), dir.file("link"));
  await using reader = new QuietReader(dir.file("link/x"));
  await reader.quieten();
  await mount.hang();
  await Deno.symlink(mount.path, dir.file("new"));
  await Deno.rename(dir.file("new"), dir.file("link"));
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  try {
    await until(async () => (await reader.poll()).error !== null);
    const { error, health } = await reader.poll();
    assert(error?.includes("has not responded"), `${error}`);
    assertEquals(health?.status, "good");
    assert(longest < 500, `the kernel was blocked for ${longest} ms`);
  } finally {
    clearInterval(timer);
    mount.resume();
  }
  await until(async () => (await reader.poll()).error === null);
});
