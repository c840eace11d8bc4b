/** Compatibility with the original's state file in both directions, checked with psutil. */
import { assert, assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { venvProgram } from "../../../.tasks/project.ts";
import { TempProcess } from "../support.ts";
import { TempBase } from "./temp_base.ts";

const PYTHON = venvProgram("python");
const hasPython = await exists(PYTHON);

/** Returns the start time of a process as psutil reports it, in epoch seconds. */
async function psutilCreateTime(pid: number): Promise<number> {
  const code =
    `import psutil; print(repr(psutil.Process(${pid}).create_time()))`;
  const python = new Deno.Command(PYTHON, { args: ["-c", code] });
  const { stdout, stderr } = await python.output();
  const time = Number(new TextDecoder().decode(stdout));
  assert(time > 0, new TextDecoder().decode(stderr));
  return time;
}

Deno.test({
  name: "psutil identifies a process by the state file that run writes",
  ignore: !hasPython,
  async fn() {
    await using base = new TempBase();
    for (const name of ["a", "b", "c"]) {
      const { pid, processDir } = await base.sh(name, "exec sleep 600");
      const file = join(processDir, "process_state.json");
      const state = JSON.parse(await Deno.readTextFile(file));
      assertEquals(state.pid, pid);
      const apart = await psutilCreateTime(pid!) - state.process_create_time;
      assert(Math.abs(apart) < 0.01, `${apart} s apart`);
    }
  },
});

Deno.test({
  name: "a process whose state file was written with psutil is running",
  ignore: !hasPython,
  async fn() {
    await using base = new TempBase();
    // In a new session, as the original starts it.
    await using child = TempProcess.sleeping({ detached: true });
    const { processDir } = await base.manager.create({
      name: "original",
      cmd: ["sleep", "600"],
    });
    const code = `
import datetime, json, psutil, sys
pid = int(sys.argv[1])
state = {
    "pid": pid,
    "process_create_time": psutil.Process(pid).create_time(),
    "created_at": datetime.datetime.now().isoformat(),
}
json.dump(state, open(sys.argv[2], "w"))`;
    const file = join(processDir, "process_state.json");
    const python = new Deno.Command(PYTHON, {
      args: ["-c", code, String(child.pid), file],
    });
    assert((await python.output()).success);

    const handle = await base.manager.get("original");
    assertEquals([handle.status, handle.pid], ["running", child.pid]);
    assert(Math.abs(handle.startedAt! - Date.now()) < 60_000);
    const stopped = await handle.terminate();
    assertEquals(stopped.map(({ pid }) => pid), [child.pid]);
    assertEquals([handle.status, handle.exit?.reason], [
      "stopped",
      "terminated",
    ]);
  },
});
