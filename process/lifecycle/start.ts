/** A process started in its directory: the state written, the end recorded. */
import { join } from "@std/path";
import { lockDir } from "../directory/lock.ts";
import {
  type ExitReason,
  type ExitRecord,
  formatExit,
} from "../directory/exit_record.ts";
import { type ProcessIdentity, readProcess } from "../system/identity.ts";
import { ReasonError } from "../files/reading.ts";
import {
  type Ending,
  killGroup,
  reasonToWrite,
  spawnDetached,
} from "./spawn.ts";
import { formatState, readState } from "../directory/state_file.ts";
import {
  clearStopRequest,
  wasStopRequested,
} from "../directory/stop_marker.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";
import { terminateTree } from "./terminate.ts";
import { removeIfExists, writeAtomically } from "../files/atomic_write.ts";

/** What to start. All JSON, as it travels to the supervisor. */
export interface StartRequest {
  /** The process's name. */
  readonly name: string;
  /** Its process directory. */
  readonly dir: string;
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** The folder it runs in. */
  readonly cwd: string;
  /** All of its environment but what tells it of its directory. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may run, in seconds; null for as long as it likes. */
  readonly ttlSeconds: number | null;
}

/** The longest a timer is trusted to wait in one go, in milliseconds: it
 * stands still while the machine sleeps. */
const NAP_MS = 30_000;

/**
 * Starts a process, and stays with it: at its time to live it ends its tree,
 * and when it has ended it writes `exit.json` and removes
 * `process_state.json`. The caller holds the directory's lock.
 *
 * @returns The pid, once the state is written.
 * @throws {ReasonError} If it cannot be started: nothing runs then, and there is
 * no state.
 */
export async function startProcess(request: StartRequest): Promise<number> {
  const { dir, name, cmd, cwd } = request;
  // What the process before it reported tells nothing of this one, which may
  // report as soon as it runs.
  await removeIfExists(join(dir, "health.json"));
  const { pid, ended } = await spawnDetached({
    cmd,
    cwd,
    env: { ...request.env, [NAME_VARIABLE]: name, [DIR_VARIABLE]: dir },
    stdout: join(dir, "stdout.log"),
    stderr: join(dir, "stderr.log"),
  });
  try {
    const identity = await readProcess(pid);
    await removeIfExists(join(dir, "exit.json"));
    await clearStopRequest(dir);
    if (identity === null) {
      // It has ended already, so there is no state, but an end to record.
      await writeExit(dir, {
        pid,
        createTime: null,
        ...await ended,
        exitedAt: Date.now(),
        reason: "exited",
      });
      return pid;
    }
    const createTime = identity.startTime;
    const state = { pid, createTime, createdAt: Date.now() };
    await writeAtomically(join(dir, "process_state.json"), formatState(state));
    supervise(request, identity, ended);
    return pid;
  } catch (error) {
    killGroup(pid);
    await ended;
    await removeIfExists(join(dir, "process_state.json"));
    throw new ReasonError(
      `its state cannot be written: ${reasonToWrite(error)}`,
    );
  }
}

async function supervise(
  { dir, ttlSeconds }: StartRequest,
  identity: ProcessIdentity,
  ended: Promise<Ending>,
): Promise<void> {
  const { pid, startTime: createTime } = identity;
  const ttl = ttlSeconds === null
    ? null
    : endAfter(ttlSeconds * 1000, identity, dir);
  const { code, signal } = await ended;
  const exitedAt = Date.now();
  ttl?.cancel();
  const reason: ExitReason = ttl?.reached
    ? "ttl"
    : await wasStopRequested(dir, pid)
    ? "terminated"
    : "exited";
  try {
    await recordExit(dir, { pid, createTime, code, signal, exitedAt, reason });
  } catch (error) {
    // Nobody reads this unless the supervisor is run by hand.
    console.error(`Cannot record the end of process ${pid}:`, error);
  }
}

/**
 * Writes `exit.json`, and removes what is there only while a process runs;
 * does nothing when another process has been started there meanwhile, or the
 * directory is gone.
 */
export async function recordExit(dir: string, exit: ExitRecord): Promise<void> {
  using lock = await lockDir(dir);
  if (lock === null) return;
  const state = await readState(dir);
  if (state !== null && state.pid !== exit.pid) return;
  await writeExit(dir, exit);
}

/** The same for a caller that holds the directory's lock. */
async function writeExit(dir: string, exit: ExitRecord): Promise<void> {
  await writeAtomically(join(dir, "exit.json"), formatExit(exit));
  await removeIfExists(join(dir, "process_state.json"));
  await clearStopRequest(dir);
}

/** Ends a tree when its time is over by the clock on the wall. */
function endAfter(ms: number, root: ProcessIdentity, dir: string) {
  const due = Date.now() + ms;
  const ttl = {
    reached: false,
    cancel: () => clearTimeout(timer),
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const left = due - Date.now();
    if (left > 0) {
      timer = setTimeout(wait, Math.min(left, NAP_MS));
      return;
    }
    ttl.reached = true;
    terminateTree(root, { processDir: dir }).catch((error) =>
      console.error(`Cannot end process ${root.pid} at its TTL:`, error)
    );
  };
  wait();
  return ttl;
}
