/**
 * Lets every fault happen to every file of a process, and prints a table of what
 * is shown meanwhile.
 *
 * | cell   | what is shown                                                |
 * | ------ | ------------------------------------------------------------ |
 * | same   | the content, as the file still has it                        |
 * | new    | the new content                                              |
 * | none   | nothing, as the file says nothing                            |
 * | none ! | nothing, and what cannot be read                             |
 * | last ! | the last known content, and what can no longer be read       |
 * | any    | that any process is ended on request, as on a full disk      |
 *
 * After each fault, the next poll shows the content of the repaired file and no
 * error. The same is shown if there are so many processes that most polls read no
 * file.
 */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import type { ProcessIdentity } from "../../process/system/identity.ts";
import { canMount, SmallDisk } from "../files/lifecycle/small_disk.ts";
import { TempDir, TempProcess, until } from "../files/support.ts";
import { type Fault, FAULTS } from "./faults.ts";
import { HangingMount } from "./hanging_mount.ts";
import {
  type Processes,
  type Shown,
  WATCHED_FILES,
  type WatchedFile,
} from "./watched_files.ts";

/** How long a poll may take, in milliseconds: longer than a call that is given up. */
const MAX_POLL_MS = 4000;

const EXPECTED = `\
                        config    state     start     health    exit      stop      launch    log       pid file  directory
missing                 none      none      none      none      none      none      none      none      none      none
empty                   last !    last !    none !    last !    last !    any       none !    none      last !    ·
half written            last !    last !    none !    last !    last !    none      none !    new       none      ·
replaced                new       new       none      new       new       new       new       new       new       new
truncated               last !    last !    none !    last !    last !    none      none !    new       none      ·
rotated                 new       new       none      new       new       new       new       new       new       new
unreadable              last !    last !    none !    last !    last !    none      none !    same      last !    last !
a directory             last !    last !    none !    last !    last !    none      none !    last !    last !    ·
a FIFO                  last !    last !    none !    last !    last !    none      none !    last !    last !    last !
a socket                last !    last !    none !    last !    last !    none      none !    last !    last !    last !
a dangling link         none      none      none      none      none      none      none      none      none      none
a looping link          last !    last !    none !    last !    last !    none      none !    last !    last !    last !
/dev/zero               last !    last !    none !    last !    last !    none      none !    last !    last !    last !
a line of 1 GiB         last !    last !    none !    last !    last !    none      none !    new       last !    ·
a foreign namespace     ·         ·         none !    ·         ·         ·         ·         ·         ·         ·
removed with its folder none      none      none      none      none      none      none      none      none      ·
a full disk             last !    last !    none !    last !    last !    any       none !    none      last !    ·
a hung file system      last !    last !    last !    last !    last !    none      none !    last !    last !    last !
`;

/** A row of the table: the cell of each file. */
type Row = Record<string, string>;

const table = new Map<string, Row>();

/** Polls once, which must not take long. */
async function poll(file: WatchedFile): Promise<Shown> {
  const waiting = new AbortController();
  const timeout = delay(MAX_POLL_MS, { signal: waiting.signal }).then(
    () => Promise.reject(new Error(`Polling '${file.path}' hangs`)),
    () => Promise.reject(new Error("unreachable")),
  );
  timeout.catch(() => {});
  try {
    return await Promise.race([file.read(), timeout]);
  } finally {
    waiting.abort();
  }
}

/** Names what is shown while a fault lasts. */
function cellOf(
  { content, error }: Shown,
  isUnchanged: boolean,
  what: string,
): string {
  if (content === "one" && error !== null) return "last !";
  if (content === "one") {
    assert(isUnchanged, `a stale value is shown as current: ${what}`);
    return "same";
  }
  const cell = content === null ? "none" : content === "any" ? "any" : "new";
  return error === null ? cell : `${cell} !`;
}

/** Returns the content of a small regular file, as root sees it; otherwise null. */
async function contentOf(path: string): Promise<string | null> {
  const info = await Deno.lstat(path).catch(() => null);
  if (!info?.isFile || info.size > 10_000) return null;
  return await Deno.readTextFile(path).catch(() => null);
}

async function assertShows(
  file: WatchedFile,
  content: string,
  what: string,
): Promise<void> {
  assertEquals(await poll(file), { content, error: null }, what);
}

/** Removes whatever is at a path, and writes the file there again. */
async function repair(file: WatchedFile): Promise<void> {
  await Deno.remove(file.path, { recursive: true }).catch(() => {});
  await file.write("two");
}

/** Lets a fault happen to a file; returns the cell of the table. */
async function runCell(
  file: WatchedFile,
  fault: Fault,
  what: string,
  isOneOfMany: boolean,
): Promise<string> {
  await file.write("one");
  await assertShows(file, "one", `before: ${what}`);
  if (isOneOfMany) await file.quieten?.();
  const before = await contentOf(file.path);
  let cell: string;
  {
    using _fault = await fault.inject(file) ?? null;
    // Fails where the fault concerns the folder.
    await file.touch().catch(() => {});
    const isUnchanged = before !== null &&
      await contentOf(file.path) === before;
    using _poll = fault.duringPoll?.() ?? null;
    cell = cellOf(await poll(file), isUnchanged, what);
  }
  await repair(file);
  await assertShows(file, "two", `afterwards: ${what}`);
  return cell;
}

async function runRow(
  name: string,
  fault: Fault,
  folder: string,
  processes: Processes,
  isOneOfMany = false,
): Promise<Row> {
  const row: Row = {};
  for (const [column, create] of Object.entries(WATCHED_FILES)) {
    if (column === "directory" && !fault.toDirectory) continue;
    if (column !== (fault.only ?? column)) continue;
    const place = `${folder}/${column.replace(" ", "-")}`;
    await Deno.mkdir(place, { mode: 0o755 });
    const file = create(place, place, processes, isOneOfMany);
    const what = `${column}, ${name}${isOneOfMany ? ", one of many" : ""}`;
    try {
      row[column] = await runCell(file, fault, what, isOneOfMany);
    } finally {
      file.close();
      await Deno.remove(place, { recursive: true });
    }
  }
  return row;
}

/** Runs all files on one full disk. */
async function runFullDisk(processes: Processes): Promise<Row> {
  await using disk = await SmallDisk.mount();
  const fault: Fault = {
    async inject(file) {
      await Deno.truncate(file.path);
      disk.fill();
      // What the writer would do; the disk refuses it.
      await file.write("two").catch(() => {});
      return { [Symbol.dispose]: () => disk.empty() };
    },
  };
  return await runRow("full disk", fault, disk.path, processes);
}

/** Runs all files at the same time, as each poll waits until it gives up. */
async function runHang(processes: Processes): Promise<Row> {
  await using mount = await HangingMount.create();
  const files = Object.entries(WATCHED_FILES).map(([column, create]) => {
    const place = column.replace(" ", "-");
    const folder = `${mount.source.path}/${place}`;
    Deno.mkdirSync(folder);
    return [
      column,
      create(folder, `${mount.path}/${place}`, processes),
    ] as const;
  });
  const row: Row = {};
  for (const [column, file] of files) {
    await file.write("one");
    await assertShows(file, "one", `before: ${column}, hangs`);
  }
  await mount.hang();
  await Promise.all(files.map(async ([column, file]) => {
    row[column] = cellOf(await poll(file), false, `${column}, hangs`);
  }));
  mount.resume();
  for (const [column, file] of files) {
    await file.write("two");
    // As soon as the calls that are under way are answered.
    await until(async () => (await poll(file)).error === null);
    await assertShows(file, "two", `afterwards: ${column}, hangs`);
    file.close();
  }
  return row;
}

function format(rows: ReadonlyMap<string, Row>): string {
  const columns = Object.keys(WATCHED_FILES);
  const lines = [...rows].map(([name, row]) =>
    [name.padEnd(23), ...columns.map((it) => (row[it] ?? "·").padEnd(9))]
      .join(" ").trimEnd()
  );
  const head = ["".padEnd(23), ...columns.map((it) => it.padEnd(9))].join(" ");
  return [head.trimEnd(), ...lines, ""].join("\n");
}

async function identityOf({ pid }: TempProcess): Promise<ProcessIdentity> {
  const found = await localProcessTable.find(pid);
  assert(found);
  return found;
}

Deno.test("every fault of every file is shown, and gone with the fault", async () => {
  await using one = TempProcess.sleeping();
  await using two = TempProcess.sleeping();
  const processes = {
    one: await identityOf(one),
    two: await identityOf(two),
  };
  using dir = new TempDir();
  await Deno.chmod(dir.path, 0o755);
  for (const [name, fault] of Object.entries(FAULTS)) {
    const row = await runRow(name, fault, dir.path, processes);
    table.set(name, row);
    const oneOfMany = await runRow(name, fault, dir.path, processes, true);
    assertEquals(oneOfMany, row, `${name}, one of many`);
  }
  if (canMount) table.set("a full disk", await runFullDisk(processes));
  const { missing } = HangingMount;
  if (missing === null) {
    table.set("a hung file system", await runHang(processes));
  }
  console.log(format(table));
  if (!canMount) console.log("Without full disks, as mounting needs root.");
  if (missing !== null) console.log(`Without hung file systems: ${missing}.`);
  const expected = EXPECTED.trimEnd().split("\n").filter((line) =>
    line.startsWith(" ") || table.has(line.slice(0, 23).trim())
  );
  assertEquals(format(table).trimEnd().split("\n"), expected);
});
