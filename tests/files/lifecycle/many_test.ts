import { assert, assertEquals } from "@std/assert";
import { parseProcStat } from "../../../process/system/proc_stat.ts";
import { until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

const COUNT = 100;

/** Returns the number of files that this program has open. */
function countOpenFiles(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Returns the pids of the zombies with one of these parents. */
function zombiesOf(parents: Set<number>): number[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    try {
      const stat = parseProcStat(Deno.readTextFileSync(`/proc/${name}/stat`));
      const isOurs = stat.state === "Z" && parents.has(stat.parent);
      return isOurs ? Number(name) : [];
    } catch {
      // Not a process, or one that has just exited.
      return [];
    }
  });
}

function parentOf(pid: number): number {
  return parseProcStat(Deno.readTextFileSync(`/proc/${pid}/stat`)).parent;
}

Deno.test({
  name: "ProcessManager starts, lists and removes a hundred watched processes",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using base = new TempBase();
    // The first start also starts the supervisor, whose pipes remain open.
    const first = await base.sh("first", "exec sleep 600");
    const parents = new Set([Deno.pid, parentOf(first.pid!)]);
    await base.manager.remove("first");
    const files = countOpenFiles();

    const names = Array.from({ length: COUNT }, (_, at) => `p${at}`).sort();
    const handles = await Promise.all(
      names.map((name) => base.sh(name, "echo up; exec sleep 600")),
    );
    assertEquals((await base.manager.list()).map(({ name }) => name), names);
    assertEquals(new Set(handles.map(({ pid }) => pid)).size, COUNT);
    for (const { pid } of handles) assert(parents.has(parentOf(pid!)));

    const widgets = handles.map((handle) => handle.widget());
    await until(() =>
      widgets.every((widget) =>
        widget.get("status") === "running" &&
        widget.get("stdout_lines")[0] === "up"
      )
    );
    await base.manager.removeAll();
    await Promise.all(widgets.map((widget) => widget.refresh()));
    for (const widget of widgets) {
      assertEquals(widget.get("pid"), null);
      widget.close();
    }
    assertEquals(base.names, []);
    assertEquals(await base.alive(), []);
    assertEquals(zombiesOf(parents), []);
    await until(() => countOpenFiles() <= files);
  },
});
