/**
 * Measures reading logs of different sizes: for the first time, unchanged, and
 * with one new line.
 *
 * Compares each with the floor, a single stat, and with what the original system
 * does: read the whole log and keep its last lines.
 */
import { join } from "@std/path";
import { LogTail } from "../process/logs/tail.ts";

const LINES = 20;
const LINE = "2026-01-02T03:04:05Z GET /index.html 200 in 12 ms from ::1 ok\n";
const KiB = 1024;
const MiB = 1024 * KiB;

const dir = Deno.makeTempDirSync({ prefix: "process-widget " });
addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));

/** Writes a log of `size` bytes and returns its path. */
function makeLog(name: string, size: number): string {
  const path = join(dir, name);
  const chunk = new TextEncoder().encode(LINE.repeat(16 * KiB));
  using file = Deno.openSync(path, { write: true, create: true });
  for (let rest = size; rest > 0; rest -= chunk.length) {
    file.writeSync(chunk.subarray(0, Math.min(rest, chunk.length)));
  }
  return path;
}

async function readWhole(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n").slice(-LINES);
}

for (
  const [label, size] of [["1 KiB", KiB], ["1 MiB", MiB], [
    "100 MiB",
    100 * MiB,
  ]] as const
) {
  const path = makeLog(`${size}.log`, size);

  const unchanged = `an unchanged log of ${label}`;
  const tail = new LogTail(path, LINES);
  await tail.read();
  Deno.bench(
    "floor: one stat",
    { group: unchanged, baseline: true },
    async () => {
      await Deno.stat(path);
    },
  );
  Deno.bench("LogTail", { group: unchanged }, async () => {
    await tail.read();
  });
  Deno.bench("reading the whole log", { group: unchanged }, async () => {
    await readWhole(path);
  });

  const grown = `one new line in a log of ${label}`;
  const grownPath = makeLog(`${size}-grown.log`, size);
  const grownTail = new LogTail(grownPath, LINES);
  await grownTail.read();
  const append = (path: string) =>
    Deno.writeTextFileSync(path, LINE, { append: true });
  Deno.bench("floor: one stat", { group: grown, baseline: true }, async () => {
    await Deno.stat(grownPath);
  });
  Deno.bench("LogTail", { group: grown }, async (b) => {
    append(grownPath);
    b.start();
    await grownTail.read();
    b.end();
  });
  Deno.bench("reading the whole log", { group: grown }, async (b) => {
    // Kept at its size, as the cost depends on it.
    Deno.truncateSync(path, size);
    append(path);
    b.start();
    await readWhole(path);
    b.end();
  });

  Deno.bench(
    "LogTail",
    { group: `the first read of a log of ${label}` },
    async () => {
      using first = new LogTail(path, LINES);
      await first.read();
    },
  );
}
