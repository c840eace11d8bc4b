/** Opens files at paths that others control, without blocking on a FIFO. */
import { ReasonError } from "./reading.ts";

/** An open file and its state when it was opened. */
export interface OpenedFile {
  /** The file, open for reading; the caller closes it. */
  readonly file: Deno.FsFile;
  /** The state of the file when it was opened. */
  readonly info: Deno.FileInfo;
}

/**
 * Returns the state of a regular file, or null if nothing exists at `path`.
 *
 * @throws {ReasonError} If `path` is not a regular file.
 */
export async function statRegular(
  path: string,
): Promise<Deno.FileInfo | null> {
  try {
    const info = await Deno.stat(path);
    checkRegular(info);
    return info;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Opens a regular file for reading, or returns null if nothing exists at `path`.
 *
 * @throws {ReasonError} If `path` is not a regular file.
 */
export async function openRegular(path: string): Promise<OpenedFile | null> {
  // Opening a FIFO blocks until it has a writer, so check before opening…
  if (await statRegular(path) === null) return null;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    // …and again afterwards, as another file may have taken its place meanwhile.
    const info = await file.stat();
    checkRegular(info);
    return { file, info };
  } catch (error) {
    file.close();
    throw error;
  }
}

function checkRegular(info: Deno.FileInfo): void {
  if (info.isFile) return;
  const kind = info.isDirectory
    ? "a directory"
    : info.isFifo
    ? "a FIFO"
    : info.isSocket
    ? "a socket"
    : "a device";
  throw new ReasonError(`it is ${kind}: put a regular file in its place`);
}
