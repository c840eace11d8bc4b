/** Supervises running processes: ends them in time, and records how they ended. */
import { delay } from "@std/async";
import { directoriesIn } from "../directory/base_folder.ts";
import type { ExitReason, ExitRecord } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import type { ProcessIdentity } from "../system/identity.ts";
import { localProcessTable } from "../system/local_process_table.ts";
import { TICKS_PER_SECOND } from "../system/proc_table.ts";
import { readUptime } from "../system/uptime.ts";
import type { ExitStatus } from "./spawn.ts";
import { terminateTree } from "./terminate.ts";

/** Maximum time to wait in one timer, in milliseconds: timers stop while the
 * machine sleeps. */
const MAX_TIMER_MS = 30_000;

/** How often an adopted process is checked, in milliseconds. */
const CHECK_MS = 500;

/** How long to wait before something that failed is tried again, in
 * milliseconds: longer with each failure. */
const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 15_000;

/**
 * Supervises a process until its exit is recorded: ends its tree at the end of
 * its time to live.
 *
 * @param exit Resolves when the process has ended.
 */
export async function supervise(
  directory: ProcessDirectory,
  identity: ProcessIdentity,
  ttlSeconds: number | null,
  exit: Promise<ExitStatus>,
): Promise<void> {
  const ttl = ttlSeconds === null
    ? null
    : new TimeToLive(ttlSeconds, identity, directory);
  const { code, signal } = await exit;
  const exitedAt = Date.now();
  ttl?.cancel();
  const { pid, startTime: createTime } = identity;
  const reason: ExitReason = ttl?.expired
    ? "ttl"
    : await directory.hasStopMarker(pid)
    ? "terminated"
    : "exited";
  await record(directory, { pid, createTime, code, signal, exitedAt, reason });
}

/** Records an exit, however long that takes: the disk may be full. */
async function record(
  directory: ProcessDirectory,
  exit: ExitRecord,
): Promise<void> {
  await retry(
    () => directory.recordExit(exit),
    `record the exit of process ${exit.pid}`,
  );
}

/** Calls a function until it succeeds; failures are only visible when the
 * supervisor is run by hand. */
async function retry(attempt: () => Promise<void>, what: string) {
  for (let wait = MIN_RETRY_MS;; wait = Math.min(2 * wait, MAX_RETRY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      console.error(`Cannot ${what}:`, error);
      await delay(wait);
    }
  }
}

/** Ends a tree when its root has lived for long enough. */
class TimeToLive {
  readonly #root: ProcessIdentity;
  readonly #directory: ProcessDirectory;
  /** When it is over, in seconds of uptime: the system clock can be set. */
  readonly #due: number;
  readonly #cancelled = new AbortController();
  #expired = false;

  constructor(
    seconds: number,
    root: ProcessIdentity,
    directory: ProcessDirectory,
  ) {
    this.#root = root;
    this.#directory = directory;
    const { startTicks } = root;
    const start = startTicks === null
      ? readUptime()
      : startTicks / TICKS_PER_SECOND;
    this.#due = start + seconds;
    this.#wait();
  }

  /** Whether it is over. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Stops waiting, or trying to end the tree. */
  cancel(): void {
    this.#cancelled.abort();
  }

  async #wait(): Promise<void> {
    const { signal } = this.#cancelled;
    while (!signal.aborted) {
      const left = 1000 * (this.#due - readUptime());
      if (left <= 0) break;
      await delay(Math.min(left, MAX_TIMER_MS), { signal }).catch(() => {});
    }
    if (signal.aborted) return;
    this.#expired = true;
    const options = { processDir: this.#directory.path };
    const end = async () => {
      if (!signal.aborted) await terminateTree(this.#root, options);
    };
    await retry(end, `end process ${this.#root.pid} at its time to live`);
  }
}

/**
 * Takes over the running processes of a base folder whose supervisor was killed,
 * so that their time to live still applies and their exits are recorded.
 *
 * @param self The supervisor that takes them over: this program.
 */
export async function adoptOrphans(
  base: string,
  self: ProcessIdentity,
): Promise<void> {
  for (const directory of await directoriesIn(base)) {
    await adopt(directory, self).catch((error) =>
      console.error(`Cannot adopt '${directory.path}':`, error)
    );
  }
}

async function adopt(
  directory: ProcessDirectory,
  self: ProcessIdentity,
): Promise<void> {
  // The lock would delay a start, so it is not taken in vain.
  if (await findOrphan(directory) === null) return;
  using lock = await directory.lock();
  const orphan = lock && await findOrphan(directory);
  if (!orphan) return;
  await directory.writeSupervisor(self);
  const config = await directory.readConfig().catch(() => null);
  const exit = waitUntilExited(orphan);
  supervise(directory, orphan, config?.ttlSeconds ?? null, exit);
}

/** Returns the running process of a directory if its supervisor was killed. */
async function findOrphan(
  directory: ProcessDirectory,
): Promise<ProcessIdentity | null> {
  const state = await directory.readState();
  const { supervisorPid: pid, supervisorStartTicks: startTicks } =
    state?.start ?? {};
  // Processes of other systems have no supervisor.
  if (!pid || !startTicks) return null;
  const supervisor = { pid, startTicks, startTime: null };
  if (await localProcessTable.isRunning(supervisor)) return null;
  return await directory.findRunning();
}

/** Waits for a process that is not a child, so how it ends remains unknown. */
async function waitUntilExited(identity: ProcessIdentity): Promise<ExitStatus> {
  const isRunning = () =>
    localProcessTable.isRunning(identity).catch(() => true);
  while (await isRunning()) await delay(CHECK_MS);
  return { code: null, signal: null };
}
