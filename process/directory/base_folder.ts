/** A folder that holds one directory for each process, under its name. */
import { join } from "@std/path";
import { checkProcessName, isProcessName } from "./names.ts";
import { resolvePath } from "../files/path.ts";

const DEFAULT_DIR = "~/.process-widget";

/**
 * The absolute path of a base folder, by default `~/.process-widget`.
 *
 * @throws {TypeError} If it is no path.
 */
export function resolveBase(dir: string | URL | undefined): string {
  return resolvePath(dir ?? DEFAULT_DIR, "'dir'");
}

/**
 * The directory of the process of this name, whether it is there or not.
 *
 * @throws {TypeError} If the name is none.
 */
export function dirIn(base: string, name: string): string {
  return join(base, checkProcessName(name));
}

/**
 * The names of all that may be a process in a base folder, sorted; none when
 * there is no such folder.
 *
 * @throws {Error} If the folder cannot be read.
 */
export async function namesIn(base: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(base));
    return entries.filter(({ name, isFile }) => !isFile && isProcessName(name))
      .map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
