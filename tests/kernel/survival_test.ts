import { assert, assertEquals } from "@std/assert";
import { ProcessManager } from "../../manager.ts";
import { TempDir, until } from "../files/support.ts";
import { TestKernel } from "./support.ts";

/** Evaluates an expression in the kernel; its value is JSON. */
async function evaluate(
  kernel: TestKernel,
  expression: string,
): Promise<unknown> {
  const before = kernel.of("stream").length;
  await kernel.run(`console.log(JSON.stringify(${expression}))`);
  await until(() => kernel.of("stream").length > before);
  return JSON.parse(kernel.of("stream")[before].content.text);
}

Deno.test("A process outlives the kernel that started it", async () => {
  using dir = new TempDir();
  const manager = new ProcessManager({ dir: dir.path });
  const at = `new pw.ProcessManager({ dir: ${JSON.stringify(dir.path)} })`;
  const script = "while :; do date; sleep 0.1; done";
  const options = (name: string, more = {}) =>
    JSON.stringify({ name, cmd: ["sh", "-c", script], ...more });
  try {
    await using first = await TestKernel.start();
    const pid = await evaluate(
      first,
      `(await ${at}.run(${options("logger")})).pid`,
    );
    await evaluate(
      first,
      `(await ${at}.run(${
        JSON.stringify({ name: "fails", cmd: ["sh", "-c", "sleep 3; exit 7"] })
      })).pid`,
    );
    await evaluate(
      first,
      `(await ${at}.run(${options("limited", { ttlSeconds: 4 })})).pid`,
    );
    const logger = await manager.get("logger");
    const untilMoreLines = async () => {
      const { length } = await logger.stdout.readLines();
      await until(async () =>
        (await logger.stdout.readLines()).length > length
      );
    };

    await first.connection.restart();
    await untilMoreLines();
    assertEquals(
      await evaluate(first, `(await ${at}.get("logger")).pid`),
      pid,
      "a restarted kernel finds it",
    );

    await first.connection.shutdown();
    await untilMoreLines();
    assertEquals((await logger.refresh()).pid, pid);

    const fails = await manager.get("fails");
    const limited = await manager.get("limited");
    await until(async () => !await fails.isRunning());
    await until(async () => !await limited.isRunning());
    const ends = [await fails.refresh(), await limited.refresh()];
    assertEquals(ends.map(({ status }) => status), ["failed", "stopped"]);
    assertEquals(fails.exit?.code, 7, "recorded without the kernel");
    assertEquals(limited.exit?.reason, "ttl", "terminated without the kernel");

    await using second = await TestKernel.start();
    const stopped = await evaluate(
      second,
      `await (await ${at}.get("logger")).terminate()`,
    ) as { pid: number }[];
    assert(stopped.some((each) => each.pid === pid));
    assertEquals((await logger.refresh()).status, "stopped");
    assertEquals(logger.exit?.reason, "terminated");
  } finally {
    await manager.removeAll({ graceMs: 100 });
  }
});

Deno.test("A handle is displayed as the value of a cell", async () => {
  using dir = new TempDir();
  const manager = new ProcessManager({ dir: dir.path });
  try {
    await using kernel = await TestKernel.start();
    const options = JSON.stringify({
      name: "shown",
      cmd: ["sleep", "600"],
      dir: dir.path,
    });
    await kernel.run(`var h = await pw.run(${options}); h`);
    await until(() => kernel.of("comm_open").length === 1);
    await until(() => kernel.of("execute_result").length === 1);
    const open = kernel.of("comm_open")[0].content;
    const state = open.data.state;
    assertEquals([state.status, state.command], ["running", ["sleep", "600"]]);
    const { data } = kernel.of("execute_result")[0].content;
    const view = data["application/vnd.jupyter.widget-view+json"];
    assertEquals(view.model_id, open.comm_id);
    await kernel.run("h");
    await until(() => kernel.of("execute_result").length === 2);
    assertEquals(kernel.of("comm_open").length, 1, "one widget for a handle");

    await kernel.run("await h.terminate()");
    const traits = () =>
      Object.assign(
        {},
        ...kernel.of("comm_msg").map(({ content }) => content.data.state),
      );
    await until(() => traits().status === "stopped");
    await until(() => traits().exit_signal === "SIGTERM");
    assertEquals(traits().exit_reason, "terminated");
    assertEquals([traits().exit_code ?? null, traits().pid], [null, null]);
    await kernel.run("h.widget().close()");
  } finally {
    await manager.removeAll({ graceMs: 100 });
  }
});
