/** Arrays: jobs that run the same program in many tasks. */
import type { RunnerSpec } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";

/** How many tasks an array may have: each has a directory, which is polled. */
const MAX_TASKS = 1000;

/**
 * Lists the indexes of the tasks of an array, as in "0-9%4", "1,3,5" or "0-15:4".
 *
 * @throws {ReasonError} If it is not such a list.
 */
export function arrayTasks(array: string): number[] {
  const [list, limit] = array.split("%");
  const tasks = new Set<number>();
  for (const part of list.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/.exec(part);
    if (match === null) throw invalid(array);
    const [first, last = first, step = 1] = match.slice(1)
      .map((text) => text === undefined ? undefined : Number(text)) as [
        number,
        number | undefined,
        number | undefined,
      ];
    if (last < first || step < 1 || (last - first) / step >= MAX_TASKS) {
      throw invalid(array);
    }
    for (let task = first; task <= last; task += step) tasks.add(task);
  }
  if (tasks.size > MAX_TASKS) throw invalid(array);
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw invalid(array);
  return [...tasks].sort((a, b) => a - b);
}

function invalid(array: string): ReasonError {
  return new ReasonError(
    `'runner.array' must be a list of up to ${MAX_TASKS} indexes, as in "0-9%4": current value is ${
      Deno.inspect(array)
    }`,
  );
}

/**
 * Returns the directories of the tasks that a process runs as, by the config that
 * is on disk; empty if it is a single process or one of the tasks.
 */
export function tasksOf(
  directory: ProcessDirectory,
  { array, task }: RunnerSpec,
): ProcessDirectory[] {
  if (typeof array !== "string" || task !== undefined) return [];
  try {
    return arrayTasks(array).map((index) => directory.task(index));
  } catch {
    // It is refused when it is to be submitted.
    return [];
  }
}

/** Returns the ids of jobs, of the tasks of an array only that of the array. */
export function jobsOf(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.split("_")[0]))];
}
