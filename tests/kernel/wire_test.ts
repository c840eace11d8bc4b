import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async";
import { TempProcessDir } from "../process_dir.ts";
import { type Message, TestKernel, waitFor } from "./support.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Displays a widget in a cell and returns the message that opened it. */
async function show(
  kernel: TestKernel,
  source: string,
  options: Record<string, unknown> = {},
): Promise<Message> {
  const args = `${JSON.stringify(source)}, ${JSON.stringify(options)}`;
  const shown = kernel.of("display_data").length;
  await kernel.run(
    `var w = pw.processWidget(${args}); await w.display(); undefined`,
  );
  // Messages can arrive after the reply of their cell.
  await waitFor("the view", () => kernel.of("display_data")[shown]);
  return kernel.of("comm_open").at(-1)!;
}

/** The traits that change while a process runs. */
const MOVING = [
  "uptime",
  "stdout_lines",
  "stdout_first",
  "cpu_percent",
  "memory_bytes",
  "usage_history",
  "usage_first",
];

const stateOf = (message: Message) => message.content.data.state;

Deno.test("The messages of a ProcessWidget", async (t) => {
  await using kernel = await TestKernel.start();

  await t.step("comm_open contains the current traits", async () => {
    await using process = await TempProcessDir.start(
      "echo hello; echo oops >&2; exec sleep 600",
      "wire",
    );
    await process.report("healthy", "fine");
    await waitFor("output", () => hasText(`${process.path}/stderr.log`));
    const open = await show(kernel, process.path, { theme: "dark" });

    assertEquals(open.content.target_name, "jupyter.widget");
    assertEquals(open.metadata.version, "2.1.0");
    const {
      _esm,
      _css,
      uptime,
      started_at,
      command,
      health_timestamp,
      memory_bytes,
      usage_history,
      ...state
    } = stateOf(open);
    assert(Math.abs(started_at - Date.now()) < 60_000);
    assert(health_timestamp === null || typeof health_timestamp === "number");
    assert(memory_bytes > 0);
    assertEquals(usage_history.length, 1);
    assertEquals(usage_history[0].slice(1), [null, memory_bytes]);
    assert(typeof _esm === "string" && _esm.length > 1000);
    assert(typeof _css === "string" && _css.includes(".process-widget"));
    assertMatch(uptime, /^\d+s$/);
    assert(Math.abs(Number(started_at) - Date.now()) < 60_000);
    assertEquals((command as string[]).slice(0, 2), ["sh", "-c"]);
    assertEquals(state, {
      _anywidget_id: "process-widget",
      _model_module: "anywidget",
      _model_module_version: "0",
      _model_name: "AnyModel",
      _view_module: "anywidget",
      _view_module_version: "0",
      _view_name: "AnyView",
      _view_count: null,
      name: "wire",
      process_dir: process.path,
      status: "running",
      pid: process.pid,
      ttl_seconds: null,
      exit_code: null,
      exit_signal: null,
      exited_at: null,
      exit_reason: null,
      exit_note: null,
      job_id: null,
      job_reason: null,
      expected_start: null,
      node: null,
      partition: null,
      time_limit: null,
      scheduler_notice: null,
      scheduler_at: null,
      health_status: "healthy",
      health_message: "fine",
      health_details: {},
      cpu_percent: null,
      streams: ["stdout", "stderr"],
      stdout_lines: ["hello"],
      stdout_first: 0,
      stderr_lines: ["oops"],
      stderr_first: 0,
      usage_first: 0,
      theme: "dark",
      polling_active: true,
      polling_interval: 1,
      error: null,
      watch_notice: null,
      lines: 20,
      controls: ["pause", "poll"],
      action: null,
      _model_id: open.content.comm_id,
      _heartbeat: 0,
    });
    assertEquals(open.content.data.buffer_paths, []);

    const { data } = kernel.of("display_data")[0].content;
    assertEquals(data[VIEW], {
      version_major: 2,
      version_minor: 1,
      model_id: open.content.comm_id,
    });
    assertMatch(
      data["text/plain"],
      new RegExp(`^wire: running, pid ${process.pid}, up `),
    );
    assertMatch(data["text/html"], /hello/);
    await kernel.run("w.close()");
  });

  await t.step("a second display adds a view of the same model", async () => {
    const opened = kernel.of("comm_open").length;
    const shown = kernel.of("display_data").length;
    await kernel.run(`var w = pw.processWidget("/nowhere");
      await w.display(); await w.display(); undefined`);
    await waitFor("2 views", () => kernel.of("display_data")[shown + 1]);
    assertEquals(kernel.of("comm_open").length, opened + 1);
    const [one, two] = kernel.of("display_data").slice(shown);
    assertEquals(one.content.data[VIEW], two.content.data[VIEW]);
    await kernel.run("w.close()");
  });

  await t.step(
    "a tick sends one message with the traits that changed",
    async () => {
      await using process = await TempProcessDir.start(
        "i=0; while :; do i=$((i+1)); echo line $i; sleep 1; done",
      );
      const open = await show(kernel, process.path);
      const id = open.content.comm_id;
      const begin = performance.now();
      await delay(10_000);
      const messages = kernel.of("comm_msg").filter(({ content, at }) =>
        content.comm_id === id && at > begin
      );

      // The logger and the poller are not synchronized, so a tick between two
      // lines may send only the uptime.
      assert(
        messages.length >= 9 && messages.length <= 11,
        `${messages.length} messages in 10 s`,
      );
      for (const [i, message] of messages.entries()) {
        if (i === 0) continue;
        const apart = message.at - messages[i - 1].at;
        assert(apart > 500, `two messages ${apart} ms apart`);
      }
      const known = { ...stateOf(open) };
      for (const message of messages) {
        assertEquals(message.content.data.method, "update");
        for (const [trait, value] of Object.entries(stateOf(message))) {
          assert(MOVING.includes(trait), trait);
          assert(JSON.stringify(known[trait]) !== JSON.stringify(value), trait);
          known[trait] = value;
        }
      }
      const lines = known.stdout_lines as string[];
      assert(lines.length >= 9);
      assertEquals(lines.slice(0, 3), ["line 1", "line 2", "line 3"]);
      await kernel.run("w.close()");
    },
  );

  await t.step(
    "a quiet widget sends only heartbeats, every 5 s",
    async () => {
      await using process = await TempProcessDir.idle();
      await process.append("stdout.log", "the end\n");
      await process.kill();
      const open = await show(kernel, process.path, { interval: 50 });
      assertEquals(stateOf(open).status, "stopped");
      const begin = performance.now();
      const before = kernel.comms.length;
      await delay(11_500);
      const heartbeats = kernel.comms.slice(before);
      assertEquals(heartbeats.map(stateOf), [
        { _heartbeat: 1 },
        { _heartbeat: 2 },
      ]);
      assert(
        heartbeats[0].at - begin > 4500,
        "silence after the first message",
      );
      // The time on the way varies.
      assert(heartbeats[1].sentAt - heartbeats[0].sentAt >= 4900, "5 s apart");
      assert(JSON.stringify(heartbeats[0].content).length < 200, "small");
      // It was polling all the time.
      await process.append("stdout.log", "but one\n");
      await waitFor("the line", () => kernel.comms.length > before + 2);
      assertEquals(kernel.comms.slice(before + 2).map(stateOf), [
        { stdout_lines: ["the end", "but one"] },
      ]);
      await kernel.run("w.close()");
    },
  );

  await t.step("a long log sends its new lines", async () => {
    await using process = await TempProcessDir.idle();
    await process.kill();
    const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i}`);
    await process.append("stdout.log", lines.join("\n") + "\n");
    const options = { interval: 50, lines: 10_000 };
    const open = await show(kernel, process.path, options);
    assertEquals(stateOf(open).stdout_lines, lines);
    const before = kernel.comms.length;
    await process.append("stdout.log", "new\nunfinish");
    await waitFor("the patch", () => kernel.comms.length > before);
    await process.append("stdout.log", "ed");
    await waitFor("another", () => kernel.comms.length > before + 1);
    const patches = kernel.comms.slice(before).map((message) =>
      stateOf(message).stdout_lines_patch
    );
    assertEquals(patches, [
      { sequence: 1, start: 10_000, items: ["new", "unfinish"] },
      { sequence: 2, start: 10_001, items: ["unfinished"] },
    ]);
    assertEquals(
      kernel.comms.slice(before).map((message) =>
        stateOf(message).stdout_first
      ),
      [2, undefined],
    );
    await kernel.run("w.close()");
    // A model that is created later starts with the whole list.
    const again = await show(kernel, process.path, options);
    assertEquals(stateOf(again).stdout_lines.slice(-2), ["new", "unfinished"]);
    await kernel.run("w.close()");
  });

  await t.step("close sends comm_close and nothing afterwards", async () => {
    await using process = await TempProcessDir.idle();
    const open = await show(kernel, process.path, { interval: 50 });
    const before = kernel.comms.length;
    const shown = kernel.of("display_data").length;
    await kernel.run(`
      w.set("theme", "dark");
      w.close();
      w.set("theme", "light");
      w.close();
    `);
    await process.append("stdout.log", "unread\n");
    await kernel.run("await w.display(); w.refresh()");
    await delay(500);
    const after = kernel.comms.slice(before)
      .filter(({ type, content }) =>
        content.comm_id === open.content.comm_id &&
        !(type === "comm_msg" &&
          MOVING.some((trait) => trait in content.data.state))
      );
    assertEquals(after.map(({ type }) => type), ["comm_msg", "comm_close"]);
    assertEquals(stateOf(after[0]), { theme: "dark" });
    const again = await waitFor(
      "the display of a closed widget",
      () => kernel.of("display_data")[shown],
    );
    const { data } = again.content;
    assertEquals(data[VIEW], undefined);
    assertMatch(data["text/plain"], /running/);
  });

  await t.step("a signal closes the widget", async () => {
    await kernel.run(`
      var end = new AbortController();
      var w = pw.processWidget("/nowhere", { signal: end.signal });
      await w.display();
      end.abort();
    `);
    await waitFor(
      "comm_close",
      () => kernel.comms.at(-1)?.type === "comm_close",
    );
  });

  await t.step("a paused widget sends nothing until it resumes", async () => {
    await using process = await TempProcessDir.idle();
    await show(kernel, process.path, { interval: 50 });
    await kernel.run("w.pause()");
    await process.append("stdout.log", "while paused\n");
    const before = kernel.comms.length;
    await delay(500);
    assertEquals(kernel.comms.slice(before), []);
    await kernel.run("w.resume()");
    const resumed = await waitFor(
      "the line",
      () => kernel.comms.slice(before).find((m) => stateOf(m).stdout_lines),
    );
    assertEquals(stateOf(resumed).stdout_lines, ["while paused"]);
    await kernel.run("w.close()");
  });
});

function hasText(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}
