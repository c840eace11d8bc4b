import type { ExitRecord } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import type { Reading } from "../files/reading.ts";
import type { Liveness } from "../liveness.ts";
import type { ProcessUsage } from "../system/usage.ts";
import { JobReader } from "./job_reader.ts";

/** Determines how the tasks of an array are doing, all in all. */
export class ArrayReader {
  readonly #own: JobReader;
  readonly #tasks: readonly JobReader[];
  #last: readonly Liveness[] = [];

  /** Prepares to read; reads nothing yet. */
  constructor(
    directory: ProcessDirectory,
    tasks: readonly ProcessDirectory[],
  ) {
    this.#own = new JobReader(directory);
    this.#tasks = tasks.map((task) => new JobReader(task));
  }

  /** Returns what is known now. Never rejects. */
  async read(): Promise<Reading<Liveness>> {
    const { value: jobId, error } = await this.#own.readId();
    if (jobId === null) return await this.#own.read();
    const readings = await Promise.all(
      this.#tasks.map((task) => task.read()),
    );
    this.#last = readings.map(({ value }) => value);
    const errors = [error, ...readings.map((one) => one.error)]
      .filter((one) => one !== null);
    return {
      value: combine(jobId, this.#last),
      error: errors.length === 0 ? null : [...new Set(errors)].join("\n"),
    };
  }

  /** Returns the usage of all running tasks; null if unknown. */
  readUsage(): ProcessUsage | null {
    const usages = this.#tasks.flatMap((task, index) =>
      (this.#last[index] && task.readUsage(this.#last[index])) ?? []
    );
    if (usages.length === 0) return null;
    const known = usages.every(({ cpuPercent }) => cpuPercent !== null);
    const sum = (values: readonly (number | null)[]) =>
      values.reduce((total: number, value) => total + (value ?? 0), 0);
    return {
      cpuPercent: known ? sum(usages.map((one) => one.cpuPercent)) : null,
      memoryBytes: sum(usages.map((one) => one.memoryBytes)),
    };
  }
}

/** The status of an array is the first of these that one of its tasks has. */
const ORDER: readonly Liveness["status"][] = [
  "running",
  "suspended",
  "pending",
  "unknown",
  "failed",
  "stopped",
];

function combine(jobId: string, tasks: readonly Liveness[]): Liveness {
  const status =
    ORDER.find((each) => tasks.some((task) => task.status === each)) ??
      "unknown";
  const one = tasks.find((task) => task.status === status);
  const starts = tasks.flatMap(({ startedAt }) => startedAt ?? []);
  const isOver = status === "failed" || status === "stopped";
  return {
    status,
    pid: null,
    startedAt: starts.length === 0 ? null : Math.min(...starts),
    exit: isOver ? lastExit(tasks) : null,
    job: one?.job ? { ...one.job, id: jobId, node: null } : null,
  };
}

/** Returns how an array ended: when its last task did, and how many failed. */
function lastExit(tasks: readonly Liveness[]): ExitRecord | null {
  const exits = tasks.flatMap(({ exit }) => exit ?? []);
  const failed = tasks.filter(({ status }) => status === "failed");
  const cause = failed.find(({ exit }) => exit !== null)?.exit ?? exits[0];
  if (cause === undefined) return null;
  const note = failed.length === 0
    ? cause.note ?? null
    : `${failed.length} of ${tasks.length} tasks failed`;
  const exitedAt = Math.max(...exits.map((exit) => exit.exitedAt));
  return { ...cause, pid: null, exitedAt, note };
}
