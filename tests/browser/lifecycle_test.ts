import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { ProcessManager } from "../../manager.ts";
import { TempDir, until } from "../files/support.ts";
import { Lab } from "./support/lab.ts";

/** Time until a view shows a change, in ms. */
const SOON = 2500;

/** Obeys the file "order" in its directory: a status to report, or how to exit. */
const SCRIPT = `
cd "$SYFTPM_PROCESS_DIR"; echo "up as $$"; rm -f order
while :; do
  if [ -e order ]; then
    read word < order; rm order
    case $word in
      exit*) exit \${word#exit} ;;
      crash) kill -SEGV $$ ;;
      *) echo "{\\"status\\":\\"$word\\"}" > health.new; mv health.new health.json ;;
    esac
  fi
  sleep 0.02
done`;

Deno.test("A handle in JupyterLab shows its process from start to exit", async (t) => {
  using dir = new TempDir();
  const manager = new ProcessManager({ dir: dir.path });
  try {
    await using lab = await Lab.start();
    const runs = (options: object) =>
      `await run(${JSON.stringify({ ...options, dir: dir.path })})`;
    await using notebook = await lab.open(
      `import { run } from ${JSON.stringify(join(ROOT, "mod.ts"))};\n` +
        runs({ name: "life", cmd: ["sh", "-c", SCRIPT] }),
      runs({ name: "limited", cmd: ["sleep", "600"], ttlSeconds: 4 }),
    );
    await notebook.run(0);
    const widget = notebook.widget();
    const fact = (name: string) => widget.fact(name).innerText();
    const shows = (name: string, text: string) =>
      widget.fact(name).filter({ hasText: text }).waitFor({ timeout: SOON });
    const order = async (word: string) => {
      const draft = await dir.write("draft", `${word}\n`);
      await Deno.rename(draft, dir.file("life/order"));
    };

    await t.step("when it has started", async () => {
      await widget.root.waitFor();
      await widget.hasStatus("running", SOON);
      assertMatch(await fact("command"), /^sh -c/);
      assertMatch(await fact("uptime"), /^\d+s$/);
      assertEquals(await widget.fact("exit").count(), 0);
      await widget.shows("up as", SOON);
    });
    const handle = await manager.get("life");

    await t.step("when it is unhealthy and recovers", async () => {
      await order("degraded");
      await widget.hasStatus("unhealthy", SOON);
      await order("healthy");
      await widget.hasStatus("running", SOON);
    });

    await t.step("when it is terminated", async () => {
      await handle.terminate();
      await widget.hasStatus("stopped", SOON);
      await shows("exit", "SIGTERM");
      assertEquals([await fact("pid"), await fact("uptime")], ["-", "-"]);
    });

    await t.step("when it restarts, with its earlier logs", async () => {
      const before = handle.exit?.pid;
      await handle.start();
      assert(handle.pid !== before);
      await shows("pid", String(handle.pid));
      await widget.hasStatus("running", SOON);
      assertMatch(await fact("uptime"), /^[0-3]s$/);
      assertEquals(await widget.fact("exit").count(), 0);
      await widget.shows(`up as ${before}`, SOON);
      await widget.shows(`up as ${handle.pid}`, SOON);
    });

    await t.step("when it exits with an error code", async () => {
      await order("exit 3");
      await until(async () => !await handle.isRunning());
      await widget.hasStatus("failed", SOON);
      await shows("exit", "3");
      await handle.refresh();
      const time = await notebook.page.evaluate(
        (at) => new Date(at).toLocaleTimeString(),
        handle.exit!.exitedAt,
      );
      await shows("exit", time);
    });

    await t.step("when it is killed by a signal", async () => {
      await handle.start();
      await widget.hasStatus("running", SOON);
      await order("crash");
      await until(async () => !await handle.isRunning());
      await widget.hasStatus("failed", SOON);
      await shows("exit", "SIGSEGV");
    });

    await t.step("when its time to live is over", async () => {
      await notebook.run(1);
      const widget = notebook.widget(1);
      await widget.root.waitFor();
      await widget.hasStatus("running", SOON);
      assertMatch(await widget.fact("ttl").innerText(), /\d/);
      const handle = await manager.get("limited");
      await until(async () => !await handle.isRunning());
      await widget.hasStatus("stopped", SOON);
      await widget.fact("exit").filter({ hasText: "TTL" })
        .waitFor({ timeout: SOON });
    });
    assertEquals(notebook.record.errors, []);
  } finally {
    await manager.removeAll({ graceMs: 100 });
  }
});
