/** Opens files at paths that others control, without blocking on a FIFO. */
import { closeFile, closingBlocks, gated } from "./gate.ts";
import { ReasonError } from "./reading.ts";

/** Number of bytes that one call reads (256 KiB), so that none takes long. */
const MAX_READ = 256 * 1024;

/** A regular file that is open for reading. */
export class RegularFile implements Disposable {
  /** The path at which it was opened. */
  readonly path: string;
  /** Its state when it was opened. */
  readonly info: Deno.FileInfo;
  readonly #file: Deno.FsFile;
  /** Determined when it is opened: the path may lead elsewhere later. */
  readonly #closingBlocks: boolean;
  #offset = 0;

  private constructor(path: string, info: Deno.FileInfo, file: Deno.FsFile) {
    this.path = path;
    this.info = info;
    this.#file = file;
    this.#closingBlocks = closingBlocks(path);
  }

  /**
   * Opens a file, or returns null if nothing exists at `path`.
   *
   * @throws {ReasonError} If it is not a regular file.
   */
  static async open(path: string): Promise<RegularFile | null> {
    // Opening a FIFO blocks until it has a writer, so check before opening…
    if (await statRegular(path) === null) return null;
    return await RegularFile.openFound(path);
  }

  /**
   * Does the same for a path at which {@linkcode statRegular} has just found a
   * file.
   */
  static async openFound(path: string): Promise<RegularFile | null> {
    const file = await orNull(
      gated(path, () => Deno.open(path), (late) => closeFile(path, late)),
    );
    if (file === null) return null;
    try {
      // …and again afterwards, as another file may have taken its place meanwhile.
      const info = await gated(path, () => file.stat());
      checkRegular(info);
      return new RegularFile(path, info, file);
    } catch (error) {
      closeFile(path, file);
      throw error;
    }
  }

  /** Returns its current state. */
  stat(): Promise<Deno.FileInfo> {
    return gated(this.path, () => this.#file.stat());
  }

  /**
   * Reads into `bytes` from an offset in the file, at most 256 KiB.
   *
   * @returns The number of bytes read; 0 at the end of the file.
   */
  async read(bytes: Uint8Array, offset: number): Promise<number> {
    const isThere = offset === this.#offset;
    // Unknown until the call is answered, which may be never.
    this.#offset = NaN;
    const count = await gated(this.path, async () => {
      if (!isThere) await this.#file.seek(offset, Deno.SeekMode.Start);
      return await this.#file.read(bytes.subarray(0, MAX_READ)) ?? 0;
    });
    this.#offset = offset + count;
    return count;
  }

  /** Returns its bytes from an offset to where it ended when it was opened. */
  async readFrom(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.info.size - offset);
    for (let filled = 0; filled < bytes.length;) {
      const count = await this.read(bytes.subarray(filled), offset + filled);
      // It has been truncated.
      if (count === 0) return bytes.subarray(0, filled);
      filled += count;
    }
    return bytes;
  }

  /** Yields its bytes from the start to the end. */
  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    for (let offset = 0;;) {
      const bytes = new Uint8Array(CHUNK);
      const count = await this.read(bytes, offset);
      if (count === 0) return;
      offset += count;
      yield bytes.subarray(0, count);
    }
  }

  /** Closes it. */
  close(): void {
    closeFile(this.path, this.#file, this.#closingBlocks);
  }

  /** Does the same as {@linkcode RegularFile.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** Number of bytes in a chunk (64 KiB). */
const CHUNK = 64 * 1024;

/**
 * Returns the state of a regular file, or null if nothing exists at `path`.
 *
 * @throws {ReasonError} If `path` is not a regular file.
 */
export async function statRegular(
  path: string,
): Promise<Deno.FileInfo | null> {
  const info = await orNull(gated(path, () => Deno.stat(path)));
  if (info !== null) checkRegular(info);
  return info;
}

/** Returns whether something exists at a path. */
export async function exists(path: string): Promise<boolean> {
  return await orNull(gated(path, () => Deno.stat(path))) !== null;
}

/** Returns null instead if nothing exists at the path of a call. */
export async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
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
