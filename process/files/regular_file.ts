/** Opening files that others put in place, without ever hanging on one. */
import { ReasonError } from "./reading.ts";

/** An open file and what it was at that moment. */
export interface OpenedFile {
  /** The file, open for reading; the caller closes it. */
  readonly file: Deno.FsFile;
  /** Its state as it was opened. */
  readonly info: Deno.FileInfo;
}

/**
 * The state of a regular file, or null when there is none at this path.
 *
 * @throws {ReasonError} If something else stands in its place.
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
 * Opens a regular file for reading; null when there is none at this path.
 *
 * @throws {ReasonError} If something else stands in its place.
 */
export async function openRegular(path: string): Promise<OpenedFile | null> {
  // Opening a FIFO waits for its writer, so what it is must be known before…
  if (await statRegular(path) === null) return null;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    // …and again after, as the path can have come to mean another file.
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
