/** A process directory made, changed and removed. */
import { exists } from "@std/fs";
import { join } from "@std/path";
import { lockDir } from "./lock.ts";
import { isString, optionalField, parseObject } from "../files/json.ts";
import { ReasonError } from "../files/reading.ts";
import { removeIfExists, writeAtomically } from "../files/atomic_write.ts";

/** How a process is meant to run. */
export interface ProcessSpec {
  /** Its name. */
  readonly name: string;
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** Environment variables on top of those of the kernel. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder it runs in. */
  readonly cwd: string;
  /** How long it may run, in seconds; null for as long as it likes. */
  readonly ttlSeconds: number | null;
}

/** Our own file beside `config.json`, as the original has no such setting. */
const LAUNCH_FILE = "launch.json";

/**
 * Writes the files that say how a process is meant to run: `config.json` with
 * the original's keys and no other, and `launch.json` with `cwd`. The latter
 * comes first: a directory with a `config.json` is whole.
 */
export async function writeSpec(dir: string, spec: ProcessSpec): Promise<void> {
  await writeAtomically(join(dir, LAUNCH_FILE), format({ cwd: spec.cwd }));
  const config = {
    name: spec.name,
    cmd: spec.cmd,
    env: spec.env,
    process_dir: dir,
    runner_type: "subprocess",
    ttl_seconds: spec.ttlSeconds,
    log_level: "INFO",
  };
  await writeAtomically(join(dir, "config.json"), format(config));
}

/** The folder that a process runs in, or null when its directory does not say. */
export async function readCwd(dir: string): Promise<string | null> {
  try {
    const text = await Deno.readTextFile(join(dir, LAUNCH_FILE));
    return optionalField(parseObject(text), "cwd", isString, "a string");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Makes a new process directory, and its base folder where that is missing, and
 * holds it for the caller. What a maker that crashed left half made is taken over.
 *
 * @returns The lock on it.
 * @throws {ReasonError} If there is a process in it. When two make one directory at
 * the same instant, the lock lets one of them go first.
 */
export async function claimDir(base: string, dir: string): Promise<Disposable> {
  await Deno.mkdir(base, { recursive: true });
  while (true) {
    const made = await makeDir(dir);
    let lock: Disposable | null = null;
    try {
      lock = await lockDir(dir);
      // Gone again: the other one could not start its process.
      if (lock === null) continue;
      if (!await exists(join(dir, "config.json"))) return lock;
      throw new ReasonError(
        "there is a process of that name: get() gives it, { overwrite: true } replaces it",
      );
    } catch (error) {
      lock?.[Symbol.dispose]();
      // Only an empty one: without the lock it is not ours to clear away.
      if (made) await Deno.remove(dir).catch(() => {});
      throw error;
    }
  }
}

/** Returns whether it was made; false when something is there already. */
async function makeDir(dir: string): Promise<boolean> {
  try {
    await Deno.mkdir(dir);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/**
 * Removes a process directory with all that it holds. `config.json` goes first:
 * what is broken off half way is no process any more.
 */
export async function removeDir(dir: string): Promise<void> {
  await removeIfExists(join(dir, "config.json"));
  await removeIfExists(dir);
}

function format(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
