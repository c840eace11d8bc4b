import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { delay } from "@std/async";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { isRunning, matchesStart, readProcess } from "../process/liveness.ts";
import { ROOT, say, TaskError } from "./project.ts";

/** The process directory of the demo, in the layout that widgets read. */
const DIR = join(ROOT, ".demo", "server");
const STATE_FILE = join(DIR, "process_state.json");

/**
 * Starts the server that the demo notebook watches. Disposing of it ends it
 * and removes its directory.
 */
export async function startDemoProcess(): Promise<AsyncDisposable> {
  await endLeftover();
  await ensureDir(DIR);
  const cmd = [Deno.execPath(), "run", "-A", join(ROOT, ".demo", "server.ts")];
  await writeJson("config.json", {
    name: "demo-server",
    cmd,
    env: {},
    process_dir: DIR,
    runner_type: "subprocess",
    ttl_seconds: null,
    log_level: "INFO",
  });
  say("Starting the demo process …");
  const pid = spawnInto(cmd);
  const identity = await readProcess(pid);
  if (identity === null) {
    const reason = await Deno.readTextFile(join(DIR, "stderr.log"));
    throw new TaskError(`Cannot start the demo process:\n${reason}`);
  }
  await writeJson("process_state.json", {
    pid,
    process_create_time: identity.startTime,
    created_at: new Date().toISOString(),
  });
  return { [Symbol.asyncDispose]: endLeftover };
}

function spawnInto(cmd: string[]): number {
  const stdout = openSync(join(DIR, "stdout.log"), "a");
  const stderr = openSync(join(DIR, "stderr.log"), "a");
  try {
    const child = spawn(cmd[0], cmd.slice(1), {
      cwd: DIR,
      detached: true,
      stdio: ["ignore", stdout, stderr],
      env: {
        ...Deno.env.toObject(),
        SYFTPM_PROCESS_NAME: "demo-server",
        SYFTPM_PROCESS_DIR: DIR,
      },
    });
    child.unref();
    if (child.pid === undefined) {
      throw new TaskError(`Cannot start the demo process: '${cmd[0]}' failed`);
    }
    return child.pid;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** Ends the demo process, also that of a run that was broken off. */
async function endLeftover(): Promise<void> {
  try {
    const state = JSON.parse(await Deno.readTextFile(STATE_FILE));
    const identity = await readProcess(state.pid);
    if (identity && matchesStart(identity, state.process_create_time)) {
      Deno.kill(state.pid, "SIGTERM");
      while (await isRunning(identity)) await delay(20);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.remove(DIR, { recursive: true }).catch(() => {});
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(join(DIR, file), JSON.stringify(value, null, 2));
}
