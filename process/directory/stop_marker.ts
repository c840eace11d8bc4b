/**
 * `stop.json`: the word that a process is being ended on purpose, left by the
 * one who ends it for the one who records the end.
 *
 * It is there only while that goes on: who writes `exit.json` removes it.
 */
import { join } from "@std/path";
import { isNumber, parseObject, requiredField } from "../files/json.ts";
import { isPid } from "../system/identity.ts";
import { removeIfExists, writeAtomically } from "../files/atomic_write.ts";

const FILE = "stop.json";

/** How long a request counts beyond the grace it was made with, in milliseconds. */
const MARGIN = 10_000;

/** Says that the process with this pid is about to be ended on purpose. */
export async function requestStop(
  dir: string,
  pid: number,
  graceMs: number,
): Promise<void> {
  const until = Date.now() + graceMs + MARGIN;
  await writeAtomically(join(dir, FILE), JSON.stringify({ pid, until }) + "\n");
}

/**
 * Whether somebody asked for the end of the process with this pid. A request
 * that has gone stale, as its maker was ended before it could signal, is none.
 */
export async function wasStopRequested(
  dir: string,
  pid: number,
): Promise<boolean> {
  try {
    const request = parseObject(await Deno.readTextFile(join(dir, FILE)));
    const until = requiredField(request, "until", isNumber, "a number");
    return requiredField(request, "pid", isPid, "a pid") === pid &&
      Date.now() <= until;
  } catch {
    // None there, or none that can be read.
    return false;
  }
}

/** Takes the word back: the end is recorded, or did not come. */
export async function clearStopRequest(dir: string): Promise<void> {
  await removeIfExists(join(dir, FILE));
}
