import { type ExitRecord, parseExit } from "../directory/formats.ts";
import {
  isOfRun,
  type JobEnd,
  type JobRecord,
  type JobStart,
  parseJob,
  parseJobEnd,
  parseJobStart,
} from "../directory/job_formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ParsedFile } from "../files/parsed_file.ts";
import type { Reading } from "../files/reading.ts";
import { exists } from "../files/regular_file.ts";
import { hasFailed, type Liveness } from "../liveness.ts";
import type { JobSnapshot } from "../snapshot.ts";
import type { ProcessUsage } from "../system/usage.ts";
import { recordEnd, refreshFolder } from "./records.ts";
import { scheduler } from "./scheduler.ts";
import { findJob, type JobDetails } from "./scontrol.ts";
import type { Answer, Known } from "./shared_query.ts";
import type { QueuedJob } from "./squeue.ts";
import { endNote, isFailure, pendingReason, phaseOf } from "./states.ts";
import { JobUsageMeter } from "./usage.ts";

/** How long the first poll waits for the scheduler, in milliseconds. */
const FIRST_ANSWER_MS = 1000;

/**
 * How long the record of an exit may take to appear after the job has ended, in
 * milliseconds: NFS caches attributes for up to a minute.
 */
const GRACE_MS = 70_000;

/** What the files of a process directory say about its job. */
interface Records {
  readonly job: JobRecord;
  /** Where the latest run started; null if it has not, or that is not visible. */
  readonly start: JobStart | null;
  /** How the latest run ended; null if it has not, or that is not visible. */
  readonly exit: ExitRecord | null;
  /** What the scheduler said of the job's end. */
  readonly end: JobEnd | null;
}

/**
 * Determines whether the job of a process is running.
 *
 * Two sources are combined, of which each may lag behind: the files that the
 * batch script writes, which a network file system may show late, and the
 * scheduler, which is asked now and then. What is newer counts, by when it was
 * seen here: clocks of other machines are not compared.
 */
export class JobReader {
  readonly #directory: ProcessDirectory;
  readonly #job: ParsedFile<JobRecord>;
  readonly #start: ParsedFile<JobStart>;
  readonly #exit: ParsedFile<ExitRecord>;
  readonly #end: ParsedFile<JobEnd>;
  readonly #usage = new JobUsageMeter();
  readonly #seen = new FirstSeen();
  #waited = false;

  /** Prepares to read; reads nothing yet. */
  constructor(directory: ProcessDirectory) {
    this.#directory = directory;
    this.#job = new ParsedFile(directory.jobFile, parseJob);
    this.#start = new ParsedFile(directory.jobStartFile, parseJobStart);
    this.#exit = new ParsedFile(directory.exitFile, parseExit);
    this.#end = new ParsedFile(directory.jobEndFile, parseJobEnd);
  }

  /** Returns the id of the job; null if it was not submitted. Never rejects. */
  async readId(): Promise<Reading<string | null>> {
    const { value, error } = await this.#job.read();
    return { value: value?.jobId ?? null, error };
  }

  /** Returns what is known now. Never rejects. */
  async read(): Promise<Reading<Liveness>> {
    const files = [this.#job, this.#start, this.#exit, this.#end] as const;
    const [job, start, exit, end] = await Promise.all([
      files[0].read(),
      files[1].read(),
      files[2].read(),
      files[3].read(),
    ]);
    const errors = [job, start, exit, end].flatMap(({ error }) => error ?? []);
    const error = errors.length === 0 ? null : errors.join("\n");
    if (job.value === null) {
      return { value: await this.#withoutJob(error), error };
    }
    const { jobId } = job.value;
    const run = start.value?.jobId === jobId ? start.value : null;
    const records: Records = {
      job: job.value,
      start: run,
      exit: exitOf(exit.value, jobId, run),
      end: end.value?.jobId === jobId ? end.value : null,
    };
    return { value: await this.#combine(records), error };
  }

  /** Returns the usage of a running job; null if unknown. */
  readUsage({ job, status }: Liveness): ProcessUsage | null {
    return this.#usage.read(status === "running" ? job?.id ?? null : null);
  }

  async #withoutJob(error: string | null): Promise<Liveness> {
    const known = error === null && await exists(this.#directory.path);
    return liveness(known ? "stopped" : "unknown");
  }

  async #combine(records: Records): Promise<Liveness> {
    const { job: { jobId }, start, exit, end } = records;
    if (end !== null) return ended(records, end, null);
    const known = await this.#look(jobId);
    const { answer } = known;
    const queued = answer?.value ?? null;
    const job = snapshotOf(records, known);
    // When the run ended or started, in the time of the answers.
    const exitSeen = this.#seen.at("exit", exit);
    const startSeen = this.#seen.at("start", start);
    const askedAt = answer?.askedAt ?? -Infinity;
    const phase = queued === null ? null : phaseOf(queued.state);
    if (phase === "ended") return await this.#settle(records, queued!, answer!);
    if (phase === "pending" && askedAt > Math.max(exitSeen, startSeen)) {
      const again = start !== null || exit !== null;
      return pending(again ? { ...job, reason: requeued(job.reason) } : job);
    }
    if (exit !== null) {
      const late = performance.now() - exitSeen > GRACE_MS;
      // Slurm lists it as running: it was requeued, and its new start is not
      // visible yet.
      if (phase === "running" && askedAt > exitSeen && late) {
        return { ...liveness("running", job), startedAt: queued!.startAt };
      }
      if (answer !== null && queued === null && askedAt > exitSeen) {
        return await this.#settleForgotten(records, answer);
      }
      return endedBy(exit, job);
    }
    if (phase === "running" || phase === "suspended") {
      return running(phase, start, job, queued);
    }
    if (answer !== null && queued === null && askedAt > startSeen) {
      return await this.#settleForgotten(records, answer);
    }
    if (start !== null) return running("running", start, job, queued);
    return pending(job);
  }

  async #look(jobId: string): Promise<Known<QueuedJob>> {
    const known = scheduler.queue.look(jobId);
    if (known.answer !== null || this.#waited) return known;
    this.#waited = true;
    await scheduler.queue.wait(FIRST_ANSWER_MS);
    return scheduler.queue.look(jobId);
  }

  /** The scheduler says that the job has ended. */
  async #settle(
    records: Records,
    { state, reason, endAt, nodes }: QueuedJob,
    answer: Answer<QueuedJob>,
  ): Promise<Liveness> {
    const { job: { jobId } } = records;
    const since = this.#seen.at("end", answer.value && jobId);
    const isLate = performance.now() - since > GRACE_MS;
    const by = state === "CANCELLED" ? scheduler.accounting.look(jobId) : null;
    const named = by?.answer?.value ?? null;
    // The accounting learns of it a little later.
    const isNamed = by === null || by.failure !== null || isLate ||
      named !== null && phaseOf(named.state) === "ended";
    const details = { reason, by: named?.by, node: nodes };
    const end: JobEnd = {
      jobId,
      state,
      note: endNote(state, details),
      code: null,
      signal: null,
      endedAt: endAt ?? answer.answeredAt,
    };
    const isStarted = records.start !== null || nodes !== null;
    const exit = isStarted
      ? records.exit ?? await this.#readExitAgain(records)
      : records.exit;
    if (exit !== null || !isStarted) {
      if (isNamed) await recordEnd(this.#directory, end);
      return ended({ ...records, exit }, end, null);
    }
    if (!isLate) {
      return ended(
        records,
        end,
        snapshotOf(records, { answer, failure: null }),
      );
    }
    const found = await findJob(jobId).catch(() => null);
    const { code = null, signal = null } = found ?? {};
    await recordEnd(this.#directory, { ...end, code, signal });
    return ended(records, { ...end, code, signal }, null);
  }

  /** The scheduler no longer knows the job. */
  async #settleForgotten(
    records: Records,
    answer: Answer<QueuedJob>,
  ): Promise<Liveness> {
    const { job: { jobId }, exit } = records;
    const details = scheduler.accounting.look(jobId).answer?.value ?? null;
    if (details !== null && phaseOf(details.state) === "ended") {
      const end = endOf(jobId, details, answer.answeredAt);
      await recordEnd(this.#directory, end);
      return ended(records, end, null);
    }
    const job = snapshotOf(records, { answer, failure: null });
    const recorded = exit ?? await this.#readExitAgain(records);
    if (recorded !== null) return endedBy(recorded, job);
    const since = this.#seen.at("forgotten", jobId);
    if (performance.now() - since <= GRACE_MS) {
      const notice =
        "Slurm no longer lists the job, and how it ended is not recorded yet";
      return { ...liveness("unknown"), job: { ...job, notice } };
    }
    const notice =
      "How the job ended is unknown: neither its directory nor Slurm has a record of it";
    return { ...liveness("stopped"), job: { ...job, notice } };
  }

  /** Reads the record of the exit again: it may have been written after the files
   * were read and before the scheduler answered. */
  async #readExitAgain(
    { job: { jobId }, start }: Records,
  ): Promise<ExitRecord | null> {
    await refreshFolder(this.#directory);
    const { value } = await this.#exit.read();
    return exitOf(value, jobId, start);
  }
}

/** Returns an exit if it is that of a job's latest run. */
function exitOf(
  exit: ExitRecord | null,
  jobId: string,
  run: JobStart | null,
): ExitRecord | null {
  return isOfRun(exit?.job, jobId, run) ? exit : null;
}

/** When values were first seen, on the monotonic clock. */
class FirstSeen {
  readonly #seen = new Map<string, { value: unknown; at: number }>();

  /** Returns when this value was first seen; long ago if it is null. */
  at(what: string, value: unknown): number {
    if (value === null) return -Infinity;
    const known = this.#seen.get(what);
    if (known !== undefined && known.value === value) return known.at;
    const at = performance.now();
    this.#seen.set(what, { value, at });
    return at;
  }
}

function liveness(
  status: Liveness["status"],
  job: JobSnapshot | null = null,
): Liveness {
  return { status, pid: null, startedAt: null, exit: null, job };
}

function pending(job: JobSnapshot): Liveness {
  return liveness("pending", { ...job, node: null });
}

function requeued(reason: string | null): string {
  return reason === null ? "requeued" : `requeued: ${reason}`;
}

function running(
  status: "running" | "suspended",
  start: JobStart | null,
  job: JobSnapshot,
  queued: QueuedJob | null,
): Liveness {
  return {
    status,
    pid: start?.pid ?? null,
    startedAt: start?.startedAt ?? queued?.startAt ?? null,
    exit: null,
    job,
  };
}

/** The run has ended, and the scheduler has not confirmed it yet. */
function endedBy(exit: ExitRecord, job: JobSnapshot): Liveness {
  const status = hasFailed(exit) ? "failed" : "stopped";
  return { ...liveness(status, job), exit };
}

/** The job has ended, as the scheduler says. */
function ended(
  records: Records,
  end: JobEnd,
  job: JobSnapshot | null,
): Liveness {
  const { exit, start } = records;
  const cause = exit ?? {
    pid: start?.pid ?? null,
    createTime: null,
    code: end.code,
    signal: end.signal,
    exitedAt: end.endedAt,
    reason: "exited" as const,
  };
  const reason = cause.reason === "exited" ? reasonOf(end.state) : cause.reason;
  const merged: ExitRecord = {
    ...cause,
    reason,
    note: cause.reason === "terminated" ? null : end.note,
  };
  const failed = hasFailed(merged) ||
    reason === "exited" && isFailure(end.state);
  return {
    ...liveness(failed ? "failed" : "stopped"),
    job: job ?? settled(records, end.state),
    exit: merged,
  };
}

function reasonOf(state: string): ExitRecord["reason"] {
  if (state === "TIMEOUT" || state === "DEADLINE") return "ttl";
  return state === "CANCELLED" ? "terminated" : "exited";
}

/** What remains to say of a job that has ended. */
function settled({ job, start }: Records, state: string): JobSnapshot {
  return {
    id: job.jobId,
    state,
    reason: null,
    expectedStart: null,
    node: start?.host ?? null,
    partition: null,
    timeLimit: null,
    notice: null,
    answeredAt: null,
  };
}

function snapshotOf(
  { job, start }: Records,
  { answer, failure }: Known<QueuedJob>,
): JobSnapshot {
  const queued = answer?.value ?? null;
  const isPending = queued !== null && phaseOf(queued.state) === "pending";
  return {
    id: job.jobId,
    state: queued?.state ?? null,
    reason: isPending ? pendingReason(queued.reason) : null,
    expectedStart: isPending ? queued.startAt : null,
    node: queued?.nodes ?? start?.host ?? null,
    partition: queued?.partition ?? null,
    timeLimit: queued?.limitSeconds ?? null,
    notice: failure === null ? null : `Slurm does not respond: ${failure}`,
    answeredAt: answer?.answeredAt ?? null,
  };
}

function endOf(
  jobId: string,
  { state, reason, by, code, signal, endAt, nodes }: JobDetails,
  now: number,
): JobEnd {
  const note = endNote(state, { reason, by, node: nodes });
  return { jobId, state, note, code, signal, endedAt: endAt ?? now };
}
