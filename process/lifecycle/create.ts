import { describeWriteError } from "../files/write_error.ts";
import type { ProcessSpec } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { runnerOf } from "./runners.ts";

/**
 * Writes what a command needs into a new process directory.
 *
 * @returns The command.
 */
export type Prepare = (
  directory: ProcessDirectory,
) => Promise<readonly string[]>;

/** Options of {@linkcode createProcess}. */
export interface CreateProcessOptions {
  /** Whether to start it. */
  readonly start: boolean;
  /** Prepares the command. Default: the one in the spec is used unchanged. */
  readonly prepare?: Prepare;
}

/**
 * Creates the directory of a process, and starts the process if requested:
 * completely, or not at all.
 *
 * @throws {Error} If there is a process of that name, or it cannot be written or
 * started; nothing of it remains then.
 */
export async function createProcess(
  directory: ProcessDirectory,
  spec: ProcessSpec,
  { start, prepare }: CreateProcessOptions,
): Promise<void> {
  try {
    await writeNew(directory, spec, prepare);
    if (start) await startNew(directory);
  } catch (error) {
    const verb = start ? "run" : "create";
    const reason = describeWriteError(error);
    throw new Error(`Cannot ${verb} '${spec.name}' as ${reason}`, {
      cause: error,
    });
  }
}

async function writeNew(
  directory: ProcessDirectory,
  spec: ProcessSpec,
  prepare: Prepare | undefined,
): Promise<void> {
  using _lock = await directory.create();
  try {
    const cmd = await prepare?.(directory) ?? spec.cmd;
    await directory.writeSpec({ ...spec, cmd });
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

/**
 * Removes a directory unless its process has started, or will. Does nothing if
 * there is no directory.
 *
 * @throws {Error} If it was started again, or the directory cannot be removed.
 * The message is the clause after "as" in "Cannot remove 'x' as …".
 */
export async function removeStopped(
  directory: ProcessDirectory,
): Promise<void> {
  const { isActive } = await runnerOf(directory);
  await directory.removeUnless(() => isActive(directory));
}

async function startNew(directory: ProcessDirectory): Promise<void> {
  try {
    await (await runnerOf(directory)).start(directory);
  } catch (error) {
    // Stays if another kernel has found and started it meanwhile.
    await removeStopped(directory).catch(() => {});
    throw error;
  }
}
