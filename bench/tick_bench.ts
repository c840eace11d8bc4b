/**
 * Measures one poll of a process, compared with the floor: one asynchronous read
 * of `/proc/<pid>/stat`.
 */
import { join } from "@std/path";
import { ProcessReader } from "../process/reader.ts";
import { resolveSource } from "../process/source.ts";
import { ProcTable } from "../process/system/proc_table.ts";

const dir = Deno.makeTempDirSync({ prefix: "bench-tick-" });
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

function write(file: string, value: unknown): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  Deno.writeTextFileSync(join(dir, file), text);
  // A file that has just changed would be read again, as a second change might
  // not show in its times.
  Deno.utimeSync(join(dir, file), 0, 0);
}

const self = await new ProcTable().find(Deno.pid);
write("config.json", { name: "bench", cmd: ["deno"] });
write("process_state.json", {
  pid: Deno.pid,
  process_create_time: self?.startTime,
});
write("health.json", { status: "healthy", details: {} });
write("stdout.log", "a line of a log\n".repeat(65536));
write("stderr.log", "");

// No sharing: each iteration takes its own sample of the process table.
const table = new ProcTable(0);
const reader = new ProcessReader(resolveSource(dir), { table });
await reader.read();

const group = "a poll";

Deno.bench(
  { name: "floor: one read of /proc", group, baseline: true },
  async () => {
    await Deno.readTextFile(`/proc/${Deno.pid}/stat`);
  },
);

Deno.bench({ name: "nothing changed", group }, async () => {
  await reader.read();
});

Deno.bench({ name: "one new line", group }, async () => {
  Deno.writeTextFileSync(join(dir, "stdout.log"), "new\n", { append: true });
  await reader.read();
});

Deno.bench({ name: "a new health report", group }, async () => {
  write("health.json", { status: "healthy", details: {} });
  await reader.read();
});
