/** The base folder, which holds one process directory per process. */
import { join } from "@std/path";
import { gated } from "../files/gate.ts";
import { resolvePath } from "../files/path.ts";
import { describeReadFailure } from "../files/reading.ts";
import { orNull } from "../files/regular_file.ts";
import { ProcessDirectory } from "./process_directory.ts";

const DEFAULT_DIR = "~/.process-widget";

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** The rule for names, in words. */
const NAME_RULE =
  "a name has 1 to 100 letters, digits, '.', '_' or '-', and does not start with a dot";

/** Returns whether a value can be the name of a process, and so of its directory. */
export function isProcessName(name: unknown): name is string {
  return typeof name === "string" && NAME.test(name);
}

/**
 * Returns a valid name unchanged. As it contains no separator and is not "." or
 * "..", it never refers to anything outside the base folder.
 *
 * @throws {TypeError} If the name is invalid; the message states the rule.
 */
export function checkProcessName(name: unknown): string {
  if (isProcessName(name)) return name;
  throw new TypeError(
    `Cannot name a process ${Deno.inspect(name, { depth: 0 })} as ${NAME_RULE}`,
  );
}

/**
 * Returns the absolute path of a base folder, `~/.process-widget` by default.
 *
 * @throws {TypeError} If it is not a path.
 */
export function resolveBase(dir: string | URL | undefined): string {
  return resolvePath(dir ?? DEFAULT_DIR, "'dir'");
}

/**
 * Returns the directory of the process with this name, existing or not.
 *
 * @throws {TypeError} If the name is invalid.
 */
export function directoryIn(base: string, name: string): ProcessDirectory {
  return new ProcessDirectory(join(base, checkProcessName(name)), name);
}

/**
 * Lists what may be process directories in a base folder, sorted by name; empty
 * if there is no such folder.
 *
 * @throws {Error} If the folder cannot be read.
 */
export async function directoriesIn(base: string): Promise<ProcessDirectory[]> {
  const entries = await readFolder(base);
  return entries
    .filter(({ name, isFile }) => !isFile && isProcessName(name))
    .map(({ name }) => name).sort()
    .map((name) => directoryIn(base, name));
}

async function readFolder(path: string): Promise<Deno.DirEntry[]> {
  const read = () => Array.fromAsync(Deno.readDir(path));
  try {
    return await orNull(gated(path, read)) ?? [];
  } catch (error) {
    throw new Error(describeReadFailure(path, error));
  }
}
