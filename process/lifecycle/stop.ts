/** The process of a directory: found, ended, and its remains cleared away. */
import { delay } from "@std/async";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { lockDir } from "../directory/lock.ts";
import {
  matchesStart,
  type ProcessIdentity,
  readProcess,
} from "../system/identity.ts";
import { recordExit } from "./start.ts";
import { readState } from "../directory/state_file.ts";
import { clearStopRequest, requestStop } from "../directory/stop_marker.ts";
import { type StoppedProcess, terminateTree } from "./terminate.ts";
import { removeIfExists } from "../files/atomic_write.ts";

/** How long a supervisor gets to record an end before somebody else does, in ms. */
const RECORD_MS = 500;

/** The process that runs in a directory, by its `process_state.json`; or null. */
export async function findRunning(
  dir: string,
): Promise<ProcessIdentity | null> {
  const state = await readState(dir);
  const found = state && await readProcess(state.pid);
  if (!found) return null;
  const { createTime } = state;
  return createTime === null || matchesStart(found, createTime) ? found : null;
}

/**
 * Ends the process of a directory with all that came of it, and sees to it that
 * the end is recorded as one that was asked for.
 *
 * @returns What was ended.
 * @throws {Error} If some of it cannot be ended.
 */
export async function endProcess(
  dir: string,
  graceMs: number,
): Promise<StoppedProcess[]> {
  const root = await findRunning(dir);
  if (root === null) return await terminateTree(null, options(dir, graceMs));
  await requestStop(dir, root.pid, graceMs);
  let stopped: StoppedProcess[];
  try {
    stopped = await terminateTree(root, options(dir, graceMs));
  } catch (error) {
    await clearStopRequest(dir);
    throw error;
  }
  if (!await isRecorded(dir)) {
    // It was started by another system, or its supervisor was ended.
    const sent = stopped.find(({ pid }) => pid === root.pid)?.signal ?? null;
    await recordExit(dir, {
      pid: root.pid,
      createTime: root.startTime,
      code: null,
      signal: sent,
      exitedAt: Date.now(),
      reason: "terminated",
    });
  }
  return stopped;
}

function options(processDir: string, graceMs: number) {
  return { processDir, graceMs };
}

/** Waits for the supervisor, who takes the request away when all is written. */
function isRecorded(dir: string): Promise<boolean> {
  return goes(join(dir, "stop.json"));
}

/**
 * Removes the `process_state.json` of a process that is gone, as the original
 * does. The supervisor, where there is one, does it itself in a moment, after
 * it has written how the process ended.
 */
export async function forgetDead(dir: string): Promise<void> {
  const path = join(dir, "process_state.json");
  if (!await exists(path) || await findRunning(dir) !== null) return;
  if (await goes(path)) return;
  // Held, so that no process is being started there.
  using lock = await lockDir(dir);
  if (lock === null || await readState(dir) === null) return;
  if (await findRunning(dir) === null) await removeIfExists(path);
}

/** Whether a file is removed within the time that a supervisor may take. */
async function goes(path: string): Promise<boolean> {
  const giveUp = performance.now() + RECORD_MS;
  while (await exists(path)) {
    if (performance.now() > giveUp) return false;
    await delay(5);
  }
  return true;
}
