/** A process made in a directory of its own: whole, or not at all. */
import { dirIn } from "../directory/base_folder.ts";
import { launch } from "./launch.ts";
import {
  claimDir,
  type ProcessSpec,
  removeDir,
  writeSpec,
} from "../directory/process_directory.ts";
import { reasonToWrite } from "./spawn.ts";

/**
 * Puts into a new process directory what its command needs.
 *
 * @returns The command.
 */
export type Prepare = (dir: string) => Promise<readonly string[]>;

/** Options of {@linkcode makeProcess}. */
export interface MakeOptions {
  /** Whether it is started. */
  readonly start: boolean;
  /** What gives the command. Default: that of the spec is taken as it is. */
  readonly prepare?: Prepare;
}

/**
 * Makes the directory of a process in a base folder, and starts the process
 * where that is asked for.
 *
 * @returns The process directory.
 * @throws {Error} If there is a process of that name, or it cannot be written or
 * started; the message says why, and nothing is left of it then.
 */
export async function makeProcess(
  base: string,
  spec: ProcessSpec,
  { start, prepare }: MakeOptions,
): Promise<string> {
  const { name } = spec;
  const dir = dirIn(base, name);
  try {
    using _lock = await claimDir(base, dir);
    try {
      const cmd = await prepare?.(dir) ?? spec.cmd;
      await writeSpec(dir, { ...spec, cmd });
      if (start) await launch(dir, name);
    } catch (error) {
      await removeDir(dir);
      throw error;
    }
  } catch (error) {
    const verb = start ? "run" : "create";
    throw new Error(`Cannot ${verb} '${name}' as ${reasonToWrite(error)}`, {
      cause: error,
    });
  }
  return dir;
}
