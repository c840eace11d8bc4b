import { TIME_GRANULARITY } from "../files/parsed_file.ts";
import { RegularFile, statRegular } from "../files/regular_file.ts";
import { concat } from "./line_buffer.ts";

/** Maximum number of bytes that one poll reads of a file (8 MiB). */
export const MAX_READ = 8 * 1024 * 1024;

/** Number of bytes that the first backward read takes; each next one doubles it,
 * up to the maximum (64 and 256 KiB). */
const FIRST_CHUNK = 64 * 1024;
const MAX_CHUNK = 256 * 1024;

/** Number of bytes before the position that are kept to recognize the file by. */
const MARK_SIZE = 256;

const LF = 0x0a;
const EMPTY = new Uint8Array(0);

/** New bytes of a log, and how they relate to the bytes before them. */
export interface Piece {
  /**
   * How the bytes relate to those of the pieces before.
   *
   * - `"append"`: they continue the piece before.
   * - `"next file"`: they start a file, whose lines follow those of the files
   *   before.
   * - `"reread"`: they replace what was read of the same file, as
   *   {@linkcode RotatingFile.rewind} requested.
   * - `"reset"`: they replace everything, as the file was truncated, rewritten
   *   or deleted, or as too much was written to read all of it.
   */
  readonly kind: "append" | "next file" | "reread" | "reset";
  /** The bytes, up to what was the end of the file when it was read. Each chunk
   * has a separate buffer, so that it can be freed after use. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Whether the bytes may start in the middle of a line. */
  readonly startsMidLine: boolean;
}

/**
 * Reads what is appended to a log, across rotation and truncation.
 *
 * The file that was last at the path is kept open, so it can still be read after
 * it was renamed: a program keeps writing to it until it opens the next one. A
 * deleted file is closed at once, as its space is only freed then.
 */
export class RotatingFile {
  /** The path of the log. */
  readonly path: string;
  #file: OpenLog | null = null;
  /** What was at the path at the last read. */
  #found: Deno.FileInfo | null = null;
  #bytesReadBefore = 0;

  /**
   * Prepares to read a log without opening it.
   *
   * @param path The path of the log, which may not exist yet.
   */
  constructor(path: string) {
    this.path = path;
  }

  /** Number of bytes read so far. */
  get bytesRead(): number {
    return this.#bytesReadBefore + (this.#file?.bytesRead ?? 0);
  }

  /** Whether the file that was read last can be written under another path: it was
   * renamed or has further hard links. */
  get hasOtherPath(): boolean {
    if (this.#file === null) return false;
    const found = this.#found;
    return found === null || found.nlink !== 1 || !this.#file.is(found);
  }

  /**
   * Returns what changed since the last call: null if nothing did, otherwise one
   * piece or, after a rotation, the rest of the old file and the start of the new
   * one.
   *
   * Reads backwards from the end of a file, up to the last `lines` lines or
   * {@linkcode MAX_READ} bytes, so the cost does not depend on the file's size.
   *
   * @param lines Number of last lines that are needed; 0 closes the file.
   * @throws {ReasonError} If something other than a regular file is at the path.
   */
  async read(lines: number): Promise<AsyncIterable<Piece> | null> {
    const found = this.#found = await statRegular(this.path);
    const isUnchanged = found !== null && lines > 0 &&
      this.#file?.isUnchanged(found);
    return isUnchanged ? null : this.#pieces(found, lines);
  }

  async *#pieces(
    found: Deno.FileInfo | null,
    lines: number,
  ): AsyncGenerator<Piece, void, undefined> {
    if (lines === 0) {
      yield this.#drop();
      return;
    }
    if (this.#file !== null && !(found && this.#file.is(found))) {
      const rest = await this.#readRest(this.#file, lines);
      if (rest !== null) yield rest;
      // A renamed file is still written to until its successor has content.
      if (this.#file !== null && !found?.size) return;
      this.close();
    }
    if (found === null) return;
    if (this.#file === null) {
      const file = await RegularFile.open(this.path);
      if (file === null) return;
      this.#file = new OpenLog(file);
    }
    // The file at the path may have been replaced before it was opened.
    const info = this.#file.is(found) ? found : await this.#file.stat();
    const piece = await this.#file.readNew(info, lines);
    if (piece !== null) yield piece;
  }

  /**
   * Makes the next piece start over, reading backwards from the end of the open
   * file.
   *
   * A truncation since the last read then goes unnoticed, so the lines of earlier
   * files are kept.
   */
  rewind(): void {
    this.#file?.rewind();
  }

  /** Closes the open file if it was deleted; returns whether it did. */
  async closeIfDeleted(): Promise<boolean> {
    try {
      if ((await this.#file?.stat())?.nlink !== 0) return false;
    } catch {
      // The next read will report it.
      return false;
    }
    this.close();
    return true;
  }

  /** Closes the open file. Idempotent. */
  close(): void {
    this.#bytesReadBefore = this.bytesRead;
    this.#file?.close();
    this.#file = null;
  }

  /** Reads the rest of a file that is no longer at the path. */
  async #readRest(file: OpenLog, lines: number): Promise<Piece | null> {
    try {
      const info = await file.stat();
      return info.nlink === 0 ? this.#drop() : await file.readNew(info, lines);
    } catch (error) {
      if (!isStale(error)) throw error;
      return this.#drop();
    }
  }

  #drop(): Piece {
    this.close();
    return { kind: "reset", chunks: [], startsMidLine: false };
  }
}

/** Returns whether an open file on NFS was deleted by another machine. */
function isStale(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESTALE";
}

/** Reads one open log from where the last read ended. */
class OpenLog {
  readonly #file: RegularFile;
  #nextKind: Piece["kind"] = "next file";
  #position = 0;
  /** The bytes before the position: they differ once the file is rewritten. */
  #mark: Uint8Array = EMPTY;
  /** When the file was last changed; undefined if that may have been so recently
   * that another change would leave it the same. */
  #mtime: number | undefined;
  #bytesRead = 0;

  /** Starts at the beginning of a log that was just opened. */
  constructor(file: RegularFile) {
    this.#file = file;
  }

  /** Number of bytes read so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Returns whether `info` describes this file. */
  is(info: Deno.FileInfo): boolean {
    const { dev, ino } = this.#file.info;
    return info.dev === dev && info.ino === ino;
  }

  /** Returns whether `info` describes this file as it was read last. */
  isUnchanged(info: Deno.FileInfo): boolean {
    return info.size === this.#position && this.#mtime !== undefined &&
      info.mtime?.getTime() === this.#mtime &&
      this.#nextKind === "append" && this.is(info);
  }

  /** Returns the current state of the file. */
  stat(): Promise<Deno.FileInfo> {
    return this.#file.stat();
  }

  /** Makes the next piece start over, reading backwards from the end. */
  rewind(): void {
    if (this.#nextKind === "append") this.#startOver("reread");
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  /**
   * Reads what was written since the last call, or returns null if the file has
   * not changed.
   *
   * @param info The current state of the file.
   * @param lines Number of last lines that are needed.
   */
  async readNew(info: Deno.FileInfo, lines: number): Promise<Piece | null> {
    const mtime = info.mtime?.getTime();
    if (this.isUnchanged(info)) return null;
    let piece = await this.#readUpTo(info.size, lines);
    if (piece === null) {
      this.#startOver("reset");
      piece = await this.#readUpTo((await this.stat()).size, lines);
    }
    if (piece === null) {
      // Truncated again meanwhile: what was read before is gone in any case.
      this.#startOver("reset");
      return { kind: "reset", chunks: [], startsMidLine: false };
    }
    const isSettled = mtime !== undefined &&
      Date.now() - mtime > TIME_GRANULARITY;
    this.#mtime = isSettled ? mtime : undefined;
    return piece.chunks.length === 0 && piece.kind === "append" ? null : piece;
  }

  /** Returns null if the file was truncated or rewritten since the last call. */
  async #readUpTo(end: number, lines: number): Promise<Piece | null> {
    if (end < this.#position) return null;
    const floor = this.#position - this.#mark.length;
    const limit = Math.max(floor, end - MAX_READ);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let start = end;
    let breaks = 0;
    for (let size = FIRST_CHUNK; start > limit && breaks <= lines; size *= 2) {
      let from = Math.max(limit, start - Math.min(size, MAX_CHUNK));
      // The first chunk has to contain the whole mark.
      if (from - limit < MARK_SIZE) from = limit;
      const chunk = await this.#read(from, start - from);
      if (chunk === null) return null;
      breaks += countBreaks(chunk);
      chunks.unshift(chunk);
      start = from;
    }
    const isCut = start > floor;
    if (!isCut && chunks.length > 0) {
      const size = this.#mark.length;
      if (!equal(chunks[0].subarray(0, size), this.#mark)) return null;
      chunks[0] = chunks[0].subarray(size);
      if (chunks[0].length === 0) chunks.shift();
    }
    const kind = isCut ? "reset" : this.#nextKind;
    this.#advance(end, chunks.at(-1) ?? EMPTY);
    return { kind, chunks, startsMidLine: isCut };
  }

  #advance(position: number, lastBytes: Uint8Array): void {
    this.#position = position;
    this.#mark = concat(this.#mark, lastBytes.subarray(-MARK_SIZE))
      .slice(-MARK_SIZE);
    this.#nextKind = "append";
  }

  #startOver(nextKind: "reread" | "reset"): void {
    this.#position = 0;
    this.#mark = EMPTY;
    this.#mtime = undefined;
    this.#nextKind = nextKind;
  }

  /** Reads `size` bytes from `offset`, or returns null if the file ends before. */
  async #read(
    offset: number,
    size: number,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = new Uint8Array(size);
    for (let filled = 0; filled < size;) {
      const count = await this.#file.read(
        bytes.subarray(filled),
        offset + filled,
      );
      if (count === 0) return null;
      this.#bytesRead += count;
      filled += count;
    }
    return bytes;
  }
}

function countBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    count++;
  }
  return count;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
