import { concat, countBreaks } from "./line_buffer.ts";
import { openRegular } from "../files/regular_file.ts";

/** The most that is read of a file in one go, in bytes (8 MiB). */
export const MAX_READ = 8 * 1024 * 1024;

/** What is read first from the end of a file, in bytes; then twice as much. */
const CHUNK = 64 * 1024;

/** How many of the bytes before the position are kept to recognise the file by. */
const MARK_SIZE = 256;

const EMPTY = new Uint8Array(0);

/** A piece of a file, up to the end that it had. */
export interface Piece {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Whether they follow those of the piece before. */
  readonly follows: boolean;
  /** Whether bytes were left out before them, as they are too many. */
  readonly cut: boolean;
  /** Whether the file was truncated or written anew since the piece before. */
  readonly rewritten: boolean;
}

/**
 * A growing file that is held open, and read on from where it was left.
 *
 * Being open, it stays readable after it was renamed or deleted.
 */
export class FollowedFile {
  readonly #file: Deno.FsFile;
  readonly #dev: number;
  readonly #ino: number | null;
  #position = 0;
  #mark: Uint8Array = EMPTY;
  #mtime: number | undefined;
  #next: "first" | "following" | "rewritten" = "first";
  #bytesRead = 0;

  private constructor(file: Deno.FsFile, info: Deno.FileInfo) {
    this.#file = file;
    this.#dev = info.dev;
    this.#ino = info.ino;
  }

  /**
   * Opens a file at its start; null when there is none at this path.
   *
   * @throws {ReasonError} If something that is not a regular file stands there.
   */
  static async open(path: string): Promise<FollowedFile | null> {
    const opened = await openRegular(path);
    return opened && new FollowedFile(opened.file, opened.info);
  }

  /** How many bytes were read of it so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Whether `info` is of this very file. */
  is(info: Deno.FileInfo): boolean {
    return info.dev === this.#dev && info.ino === this.#ino;
  }

  /** Its state now. */
  stat(): Promise<Deno.FileInfo> {
    return this.#file.stat();
  }

  /** Makes the next piece start anew, from the end backwards. */
  rewind(): void {
    this.#startAnew("first");
  }

  /** Closes it. */
  close(): void {
    this.#file.close();
  }

  /**
   * What came since the piece before. It goes back from the end, no further than
   * the last `lines` lines or {@linkcode MAX_READ} bytes: its cost does not
   * depend on the size of the file. Null when the file has not changed.
   *
   * @param info The state of the file now.
   */
  async readOn(info: Deno.FileInfo, lines: number): Promise<Piece | null> {
    const mtime = info.mtime?.getTime();
    const following = this.#next === "following";
    if (following && info.size === this.#position && mtime === this.#mtime) {
      return null;
    }
    let piece = await this.#readUpTo(info.size, lines);
    if (piece === null) {
      this.#startAnew("rewritten");
      piece = await this.#readUpTo((await this.stat()).size, lines);
    }
    // Rewritten again meanwhile: the next call finds out, as no time was kept.
    if (piece !== null) this.#mtime = mtime;
    return piece;
  }

  /** Null when the file is not as it was left: truncated, or written anew. */
  async #readUpTo(end: number, lines: number): Promise<Piece | null> {
    const floor = this.#position - this.#mark.length;
    if (end < this.#position) return null;
    let start = end;
    let bytes: Uint8Array = EMPTY;
    let breaks = 0;
    for (let size = CHUNK; start > floor && breaks <= lines; size *= 2) {
      const from = Math.max(floor, end - MAX_READ, start - size);
      if (from === start) break;
      const chunk = await this.#read(from, start - from);
      if (chunk === null) return null;
      breaks += countBreaks(chunk);
      bytes = concat(chunk, bytes);
      start = from;
    }
    const cut = start > floor;
    if (!cut) {
      const mark = bytes.subarray(0, this.#mark.length);
      if (!equal(mark, this.#mark)) return null;
      bytes = bytes.subarray(mark.length);
    }
    const next = this.#next;
    this.#keepPlace(end, bytes);
    return {
      bytes,
      follows: next === "following" && !cut,
      cut,
      rewritten: next === "rewritten",
    };
  }

  #keepPlace(position: number, bytes: Uint8Array): void {
    this.#position = position;
    this.#mark = concat(this.#mark, bytes.subarray(-MARK_SIZE))
      .slice(-MARK_SIZE);
    this.#next = "following";
  }

  #startAnew(next: "first" | "rewritten"): void {
    this.#position = 0;
    this.#mark = EMPTY;
    this.#mtime = undefined;
    this.#next = next;
  }

  /** Reads `size` bytes from `offset`; null when the file ends before. */
  async #read(
    offset: number,
    size: number,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = new Uint8Array(size);
    await this.#file.seek(offset, Deno.SeekMode.Start);
    for (let filled = 0; filled < size;) {
      const count = await this.#file.read(bytes.subarray(filled));
      if (count === null) return null;
      this.#bytesRead += count;
      filled += count;
    }
    return bytes;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
