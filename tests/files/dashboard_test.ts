import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async";
import { join } from "@std/path";
import { type DashboardTraits, list, processDashboard } from "../../mod.ts";
import type { ProcessDashboard, Row } from "../../mod.ts";
import { ProcessManager } from "../../manager.ts";
import { $display, type MediaBundle } from "../../jupyter/display.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { TempProcessDir } from "../process_dir.ts";
import { display, sendFromPage } from "../unit/jupyter/page_message.ts";
import { TempBase } from "./lifecycle/temp_base.ts";
import {
  pathsOfOpenFiles,
  setHome,
  TempDir,
  TempProcess,
  until,
} from "./support.ts";

const INTERVAL = 100;

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Requests something of a dashboard as the view of a page does. */
function request(dashboard: ProcessDashboard, content: unknown): void {
  sendFromPage(dashboard, { method: "custom", content });
}

/** Returns the rows of a dashboard by their names. */
function rows(dashboard: ProcessDashboard): Record<string, Row> {
  const found = dashboard.get("ids").map((id) => dashboard.get(`row:${id}`));
  return Object.fromEntries(found.map((row) => [row.name, row]));
}

/** Returns the id of the row with this name. */
function idOf(dashboard: ProcessDashboard, name: string): string {
  const ids = dashboard.get("ids");
  return ids.find((id) => dashboard.get(`row:${id}`).name === name)!;
}

/** Returns the status of each process, by its name. */
function statuses(dashboard: ProcessDashboard): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rows(dashboard)).map(([name, row]) => [name, row.status]),
  );
}

Deno.test("ProcessManager displays as a live table of its processes", async () => {
  await using base = new TempBase();
  await base.sh("b", "echo ready; exec sleep 600");
  const failing = await base.sh("a", "echo oh no >&2; exit 3");
  await until(async () => !await failing.isRunning());
  await failing.refresh();
  using dashboard = base.manager.dashboard();
  assertEquals(base.manager.dashboard(), dashboard);
  const bundle = await base.manager[$display]();
  assert(VIEW in bundle);
  const text = String(bundle["text/plain"]);
  assert(text.startsWith("2 processes: 1 failed, 1 running"), text);
  const { a, b } = rows(dashboard);
  assertEquals([a.status, a.exit_code, a.last_line], ["failed", 3, "oh no"]);
  assertEquals(a.last_stream, "stderr");
  assertEquals(b.status, "running");
  await until(() => rows(dashboard).b.last_line === "ready");
  assertEquals(rows(dashboard).b.command, [
    ...["sh", "-c", "echo ready; exec sleep 600"],
  ]);
});

Deno.test("list displays as a live table of what it lists", async () => {
  using home = new TempDir();
  using _home = setHome(home.path);
  const manager = new ProcessManager();
  await manager.create({ name: "only", cmd: "true" });
  const handles = await list();
  assertEquals(handles.map(({ name }) => name), ["only"]);
  assert($display in handles);
  const display = handles[$display] as () => Promise<MediaBundle>;
  const { model_id } = Object((await display())[VIEW]);
  // Nothing is watched while no page displays it.
  const setViews = (views: number) =>
    sendFromPage({ modelId: model_id }, { method: "views", page: "p", views });
  setViews(1);
  await until(() => pathsOfOpenFiles().some((path) => /inotify/.test(path)));
  setViews(0);
  await until(() => !pathsOfOpenFiles().some((path) => /inotify/.test(path)));
});

Deno.test("ProcessDashboard shows what appears, changes and leaves within two ticks", async () => {
  await using base = new TempBase();
  using dashboard = base.manager.dashboard({ interval: INTERVAL });
  await dashboard.refresh();
  assertEquals(dashboard.get("ids"), []);
  // As another kernel does.
  const other = new ProcessManager({ dir: base.path });
  const made = await other.run({ name: "made", cmd: ["sleep", "600"] });
  await dashboard.refresh();
  await dashboard.refresh();
  assertEquals(statuses(dashboard), { made: "running" });
  Deno.kill(made.pid!, "SIGKILL");
  await until(() => statuses(dashboard).made === "failed");
  assertEquals(rows(dashboard).made.exit_signal, "SIGKILL");
  await made.start();
  await until(() => statuses(dashboard).made === "running");
  Deno.kill(made.pid!, "SIGSTOP");
  await until(() => statuses(dashboard).made === "suspended");
  Deno.kill(made.pid!, "SIGCONT");
  await until(() => statuses(dashboard).made === "running");
  const health = join(base.file("made"), "health.json");
  await Deno.writeTextFile(health, '{"status": "ill", "message": "ouch"}');
  await until(() => statuses(dashboard).made === "unhealthy");
  await Deno.writeTextFile(health, '{"sta');
  await until(() => rows(dashboard).made.error !== null);
  assertEquals(statuses(dashboard).made, "unhealthy");
  await Deno.remove(health);
  await until(() => statuses(dashboard).made === "running");
  assertEquals(rows(dashboard).made.error, null);
  const log = join(base.file("made"), "stdout.log");
  await Deno.writeTextFile(log, "one\n\n", { append: true });
  await until(() => rows(dashboard).made.last_line === "one");
  await Deno.rename(log, `${log}.1`);
  await Deno.writeTextFile(log, "two");
  await until(() => rows(dashboard).made.last_line === "two");
  await other.remove("made");
  await dashboard.refresh();
  await dashboard.refresh();
  assertEquals(dashboard.get("ids"), []);
});

Deno.test("ProcessDashboard shows managers, handles, directories and files in one table", async () => {
  await using base = new TempBase();
  await base.sh("managed", "exec sleep 600");
  await using directory = await TempProcessDir.idle("directory");
  await using daemon = TempProcess.sleeping();
  using folder = new TempDir();
  const others = new ProcessManager({ dir: folder.path });
  const handle = await others.create({ name: "handle", cmd: "true" });
  const pidFile = await folder.write("daemon.pid", `${daemon.pid}\n`);
  using dashboard = processDashboard([
    { name: "daemon", pidFile },
    handle,
    base.manager,
    directory.path,
    handle,
  ], { interval: INTERVAL });
  await display(dashboard);
  assertEquals(statuses(dashboard), {
    daemon: "running",
    directory: "running",
    handle: "stopped",
    managed: "running",
  });
  const { managed, handle: made, daemon: single } = rows(dashboard);
  const acting = ["start", "restart", "terminate", "clear_logs"];
  assertEquals(
    managed.controls,
    [...acting, "remove"] as typeof managed.controls,
  );
  assertEquals(made.controls, acting as typeof made.controls);
  assertEquals(single.controls, []);
  await daemon.kill();
  await until(() => statuses(dashboard).daemon === "stopped");
});

Deno.test("ProcessDashboard shows a process of syft-process-manager", async () => {
  using folder = new TempDir();
  await using child = TempProcess.sleeping();
  const dir = folder.file("original");
  await Deno.mkdir(dir);
  using dashboard = processDashboard(new ProcessManager({ dir: folder.path }), {
    interval: INTERVAL,
  });
  await display(dashboard);
  // Its directory exists before its config does.
  await dashboard.refresh();
  assertEquals(dashboard.get("ids"), []);
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(dir, name), JSON.stringify(value));
  const identity = await localProcessTable.find(child.pid);
  await write("config.json", {
    name: "original",
    cmd: ["python3", "server.py"],
    env: {},
    process_dir: dir,
    runner_type: "subprocess",
    ttl_seconds: null,
    log_level: "INFO",
  });
  await write("process_state.json", {
    pid: child.pid,
    process_create_time: identity!.startTime,
    created_at: "2026-11-27T12:00:00",
  });
  await until(() => statuses(dashboard).original === "running");
  assertEquals(rows(dashboard).original.pid, child.pid);
});

Deno.test("ProcessDashboard reads the logs of a row only while it is expanded", async () => {
  await using base = new TempBase();
  await base.sh("talker", "for i in 1 2 3; do echo $i; done; exec sleep 600");
  using dashboard = base.manager.dashboard({ interval: INTERVAL });
  await display(dashboard);
  const id = idOf(dashboard, "talker");
  const detail = (trait: string) =>
    (dashboard.all() as unknown as Record<string, unknown>)[`${id}/${trait}`];
  assertEquals(detail("stdout_lines"), undefined);
  sendFromPage(dashboard, { method: "update", state: { expanded: [id] } });
  await until(() => (detail("stdout_lines") as string[])?.length === 3);
  assertEquals(detail("status"), "running");
  assertEquals(detail("controls"), [
    ...["start", "restart", "terminate", "clear_logs"],
  ]);
  await until(() => (detail("usage_history") as unknown[]).length > 0);
  sendFromPage(dashboard, { method: "update", state: { expanded: [] } });
  assertEquals(detail("stdout_lines"), undefined);
  sendFromPage(dashboard, { method: "update", state: { expanded: [id] } });
  await until(() => (detail("stdout_lines") as string[])?.length === 3);
  await base.manager.remove("talker");
  await until(() => dashboard.get("ids").length === 0);
  assertEquals(detail("stdout_lines"), undefined);
});

Deno.test("ProcessDashboard acts on a selection, and names each process that fails", async () => {
  await using base = new TempBase();
  const names = Array.from({ length: 20 }, (_, i) => `job-${i + 10}`);
  await Promise.all(names.map((name) => base.sh(name, "exec sleep 600")));
  await base.manager.create({ name: "broken", cmd: "/no/such/program" });
  using dashboard = base.manager.dashboard({ interval: INTERVAL });
  await display(dashboard);
  const ids = names.map((name) => idOf(dashboard, name));
  request(dashboard, { control: "terminate", ids });
  assertEquals(rows(dashboard)["job-10"].action, {
    control: "terminate",
    state: "running",
    reason: null,
  });
  assertThrows(
    () => request(dashboard, { control: "remove", ids: ids.slice(0, 1) }),
    Error,
    "Cannot remove 'job-10' while an action on it is running",
  );
  await until(() =>
    names.every((name) => {
      const { status, action } = rows(dashboard)[name];
      return status === "stopped" && action === null;
    })
  );
  assertEquals(await base.alive("sleep"), []);
  const broken = idOf(dashboard, "broken");
  request(dashboard, { control: "start", ids: [ids[0], broken] });
  await until(() => rows(dashboard).broken.action?.state === "failed");
  const { reason } = rows(dashboard).broken.action!;
  assert(reason?.startsWith("Cannot start 'broken' as"), String(reason));
  await until(() => {
    const { status, action } = rows(dashboard)["job-10"];
    return status === "running" && action === null;
  });
  request(dashboard, { control: "dismiss", ids: [broken] });
  assertEquals(rows(dashboard).broken.action, null);
  request(dashboard, { control: "remove", ids: [...ids, broken, "gone"] });
  await until(() => dashboard.get("ids").length === 0);
  assertEquals(base.names, []);
});

Deno.test("ProcessDashboard enforces which controls it offers", async () => {
  await using base = new TempBase();
  await base.sh("kept", "exec sleep 600");
  using dashboard = base.manager.dashboard({
    interval: INTERVAL,
    controls: ["start"],
  });
  await display(dashboard);
  const ids = dashboard.get("ids");
  assertEquals(dashboard.get("controls"), ["start"]);
  for (const control of ["terminate", "remove", "create", "explode", null]) {
    assertThrows(() => request(dashboard, { control, ids }), Error, "offered");
  }
  assertThrows(
    () => request(dashboard, { control: "start", ids: "all" }),
    TypeError,
    "Cannot find rows as 'ids' must be a list of ids",
  );
  await using directory = await TempProcessDir.idle();
  using watching = processDashboard(directory.path, { interval: INTERVAL });
  await display(watching);
  assertThrows(
    () => request(watching, { control: "terminate", ids: watching.get("ids") }),
    Error,
    "Cannot terminate 'test' as it is not offered: offered is nothing",
  );
  assertEquals(statuses(dashboard), { kept: "running" });
});

Deno.test("ProcessDashboard creates a process from a form, and reports errors by field", async () => {
  await using base = new TempBase();
  using dashboard = base.manager.dashboard({ interval: INTERVAL });
  await display(dashboard);
  const empty = { name: "", command: "", cwd: "", env: "", ttl: "" };
  const submit = async (values: Partial<typeof empty>) => {
    const id = crypto.randomUUID();
    request(dashboard, {
      control: "create",
      request: id,
      values: { ...empty, ...values },
    });
    await until(() => {
      const creation = dashboard.get("creation");
      return creation?.request === id && creation.state !== "running";
    });
    return dashboard.get("creation")!;
  };
  const bad = await submit({ cwd: "/no/such", env: "A=1\nB", ttl: "soon" });
  assertEquals(bad.state, "failed");
  assertEquals(Object.keys(bad.errors).sort(), [
    ...["command", "cwd", "env", "name", "ttl"],
  ]);
  assert(bad.errors.command?.startsWith("Cannot run a process without"));
  assert(bad.errors.env?.startsWith("Cannot read line 2 of the environment"));
  const good = await submit({
    name: "made",
    command: `sh -c 'echo "$GREETING" in $(pwd); exec sleep 600'`,
    cwd: base.path,
    env: "GREETING=hello\n",
    ttl: "60",
  });
  assertEquals([good.state, good.errors], ["created", {}]);
  assertEquals(rows(dashboard).made.ttl_seconds, 60);
  const expected = `hello in ${base.path}`;
  await until(() => rows(dashboard).made.last_line === expected);
  const twice = await submit({ name: "made", command: "true" });
  assert(twice.errors.name?.includes("there is a process of that name"));
  const missing = await submit({ name: "other", command: "no-such-program x" });
  assert(missing.errors.command?.includes("there is no program"));
  assertEquals(base.names, ["made"]);
  assertThrows(
    () => request(dashboard, { control: "create", request: "x", values: null }),
    TypeError,
    "Cannot create a process as 'name' must be a string",
  );
});

Deno.test("ProcessDashboard keeps how it is sorted, filtered and expanded, and refuses anything else", async () => {
  using folder = new TempDir();
  const manager = new ProcessManager({ dir: folder.path });
  using dashboard = manager.dashboard({ interval: INTERVAL });
  await display(dashboard);
  const set = (state: Partial<Record<keyof DashboardTraits, unknown>>) =>
    sendFromPage(dashboard, { method: "update", state });
  const sort = { column: "cpu", descending: true };
  const filter = { text: "web", statuses: ["running"] };
  set({ sort, filter, expanded: ["p1"] });
  assertEquals<unknown>(dashboard.get("sort"), sort);
  assertEquals<unknown>(dashboard.get("filter"), filter);
  for (
    const state of [
      { sort: { column: "color", descending: true } },
      { sort: null },
      { filter: { text: "x", statuses: ["fine"] } },
      { filter: { text: "x".repeat(1001), statuses: [] } },
      { expanded: Array.from({ length: 21 }, (_, i) => `p${i}`) },
      { expanded: "p1" },
      { polling_interval: 0.001 },
    ]
  ) assertThrows(() => set(state), Error, "Cannot");
  assertThrows(() => set({ ids: [] }), Error, "not writable");
  assertEquals<unknown>(dashboard.get("sort"), sort);
});

Deno.test("ProcessDashboard says when its folder cannot be read, and keeps its rows", async () => {
  using folder = new TempDir();
  const base = folder.file("base");
  await Deno.mkdir(base);
  const manager = new ProcessManager({ dir: base });
  await manager.create({ name: "kept", cmd: "true" });
  using dashboard = manager.dashboard({ interval: INTERVAL });
  await dashboard.refresh();
  await Deno.rename(base, `${base}-moved`);
  await Deno.writeTextFile(base, "a file");
  await until(() => dashboard.get("error") !== null);
  assert(dashboard.get("error")!.includes(base));
  assertEquals(dashboard.get("ids").length, 1);
  await Deno.remove(base);
  await Deno.rename(`${base}-moved`, base);
  await until(() => dashboard.get("error") === null);
  assertEquals(statuses(dashboard), { kept: "stopped" });
});

Deno.test("ProcessDashboard leaves nothing open once it is closed", async () => {
  await using base = new TempBase();
  const names = ["a", "b", "c"];
  await Promise.all(names.map((name) => base.sh(name, "exec sleep 600")));
  // The supervisor of the processes stays connected.
  await Promise.all(names.map((name) => base.manager.isRunning(name)));
  const open = () =>
    pathsOfOpenFiles().filter((path) => /pidfd|inotify|\.log$/.test(path));
  const before = open();
  for (let i = 0; i < 5; i++) {
    using dashboard = base.manager.dashboard({ interval: INTERVAL });
    await dashboard.refresh();
    dashboard.set("expanded", dashboard.get("ids"));
    if (i % 2) await dashboard.refresh();
    if (i === 4) {
      await dashboard.refresh();
      assert(open().length > before.length);
    }
  }
  await until(() => open().length === before.length);
});

Deno.test({
  name: "ProcessDashboard that was never displayed is garbage-collected",
  ignore: !("gc" in globalThis),
  async fn() {
    const gc = (globalThis as unknown as { gc: () => void }).gc;
    await using process = await TempProcessDir.idle();
    const signal = new AbortController().signal;
    const dropped = await createDashboard(process.path, signal);
    await until(async () => {
      gc();
      await delay(20);
      return dropped.deref() === undefined;
    });
    // The sanitizer of this test detects a timer or a watch that still runs.
    await until(async () => {
      gc();
      await delay(20);
      return !pathsOfOpenFiles().some((path) => path.includes("inotify"));
    });
  },
});

/** In a separate function, so that no variable of the test refers to it. */
async function createDashboard(
  path: string,
  signal: AbortSignal,
): Promise<WeakRef<ProcessDashboard>> {
  const dashboard = processDashboard(path, { interval: INTERVAL, signal });
  await dashboard.refresh();
  return new WeakRef(dashboard);
}
