/**
 * Measures the memory that following a log takes. Run as a program, it prints
 * one measurement as JSON.
 */
import { fromFileUrl } from "@std/path";
import { LogTail, MAX_LINES } from "../process/logs/tail.ts";
import { TempDir } from "./files/support.ts";

const MiB = 2 ** 20;

/** What a writer writes between two polls, in bytes, at 200 MB a second. */
const FAST = 200e6;

/** More than a poll reads. */
const READ = 9 * MiB;

/** How a log gets its lines. */
export type Writer =
  /** Everything is there at the first poll. */
  | "first poll"
  /** Each poll finds 4 MiB more. */
  | "growth"
  /** Each poll finds 200 MB more. */
  | "200 MB/s";

/** The memory for one log, in bytes. */
export interface LogMemory {
  /** Length of the lines that are shown. */
  readonly shown: number;
  /** What is in use after the last poll. */
  readonly held: number;
  /** The largest amount in use during any read. */
  readonly peak: number;
}

/**
 * Measures the memory for the last 10,000 lines of a log, in a process of its
 * own, to 5 % of what is shown.
 *
 * What the garbage collector could free at that moment does not count.
 */
export async function measureLogMemory(
  writer: Writer,
  lineSize: number,
): Promise<LogMemory> {
  const program = fromFileUrl(import.meta.url);
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--v8-flags=--expose-gc",
      program,
      writer,
      String(lineSize),
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot measure the memory for a log");
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function measureHere(
  writer: Writer,
  lineSize: number,
): Promise<LogMemory> {
  // Compiles the code, so that it does not count.
  await followLog(100, 100, stepsOf("first poll", MiB), () => {});
  const base = inUse();
  let peak = 0;
  const steps = stepsOf(writer, MAX_LINES * lineSize);
  const { tail, shown } = await followLog(MAX_LINES, lineSize, steps, () => {
    peak = Math.max(peak, inUse() - base);
  });
  const held = inUse() - base;
  tail.close();
  return { shown, held, peak: Math.max(peak, held) };
}

/** Follows a log with lines of a size; calls `sample` again and again meanwhile. */
async function followLog(
  count: number,
  lineSize: number,
  steps: readonly Step[],
  sample: () => void,
): Promise<{ readonly tail: LogTail; readonly shown: number }> {
  using dir = new TempDir();
  const path = await dir.write("log", "");
  const tail = new LogTail(path, count);
  let shown = 0;
  let read = 0;
  using _reads = observeReads((size) => {
    read += size;
    // Collecting garbage takes long.
    if (read <= shown / 20) return;
    read = 0;
    sample();
  });
  for (const { skipped, added } of steps) {
    using file = Deno.openSync(path, { append: true });
    // The lines that no poll reads are a hole in the file.
    file.truncateSync(file.statSync().size + skipped);
    writeLines(file, lineSize, added);
    const { value, error } = await tail.read();
    if (error !== null) throw new Error(error);
    shown = value.lines.reduce((sum, { length }) => sum + length, 0);
    sample();
  }
  return { tail, shown };
}

/** What is written before a poll, in bytes. */
interface Step {
  readonly skipped: number;
  readonly added: number;
}

/** Returns what is written before each poll until lines of `size` bytes are shown. */
function stepsOf(writer: Writer, size: number): Step[] {
  if (writer === "first poll") return [{ skipped: 0, added: READ }];
  if (writer === "200 MB/s") {
    return Array(4).fill({ skipped: FAST - READ, added: READ });
  }
  const added = 4 * MiB;
  return Array(Math.ceil(1.1 * size / added)).fill({ skipped: 0, added });
}

function writeLines(file: Deno.FsFile, lineSize: number, size: number): void {
  const line = new Uint8Array(lineSize).fill(0x78);
  line[lineSize - 1] = 0x0a;
  const count = Math.ceil(MiB / lineSize);
  const lines = new Uint8Array(count * lineSize);
  for (let at = 0; at < lines.length; at += lineSize) lines.set(line, at);
  for (let left = size; left > 0; left -= lines.length) file.writeSync(lines);
}

/** Calls `onRead` after each read of a file with its size, until it is disposed. */
function observeReads(onRead: (size: number) => void): Disposable {
  const { read } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.read = async function (bytes) {
    const count = await read.call(this, bytes);
    onRead(count ?? 0);
    return count;
  };
  return {
    [Symbol.dispose]() {
      Deno.FsFile.prototype.read = read;
    },
  };
}

/** Returns the memory that is in use, without what can be collected. */
function inUse(): number {
  const { gc } = globalThis as unknown as { gc(): void };
  gc();
  // Buffers are freed after the first run has ended, and before the second.
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

if (import.meta.main) {
  const [writer, lineSize] = Deno.args;
  const memory = await measureHere(writer as Writer, Number(lineSize));
  console.log(JSON.stringify(memory));
}
