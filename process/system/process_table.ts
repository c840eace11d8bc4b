/** Everything that runs on this machine, as far as this user may see it. */
import type { ProcessIdentity, ProcessTableOptions } from "./identity.ts";
import {
  parseProcStat,
  readBootTime,
  readPids,
  TICKS_PER_SECOND,
} from "./proc.ts";
import { parsePsTable } from "./ps.ts";

/** A process that is alive, and what it belongs to. */
export interface TableRow extends ProcessIdentity {
  /** The name of its program, as the system abbreviates it. */
  readonly name: string;
  /** The id of its parent. */
  readonly parent: number;
  /** The id of its session; from `ps`, that of its process group. */
  readonly session: number;
  /**
   * The process directory that its environment names, which it inherits from
   * the process that was started there; null when none, or it is not shown.
   */
  readonly processDir: string | null;
}

/** The environment variable that names a process's directory to it. */
export const DIR_VARIABLE = "SYFTPM_PROCESS_DIR";

/** The environment variable that names a process's name to it. */
export const NAME_VARIABLE = "SYFTPM_PROCESS_NAME";

let reading: Promise<unknown> | null = null;
let next: Promise<TableRow[]> | null = null;

/**
 * Reads the process table, zombies left out. Calls that come while one reading
 * is under way share the next one, as ending many processes at once asks often.
 *
 * @throws {Error} If there is neither `/proc` nor `ps`.
 */
export function readTable(
  options: ProcessTableOptions = {},
): Promise<TableRow[]> {
  const fromProc = (options.table ?? "proc") === "proc" &&
    Deno.build.os === "linux";
  if (!fromProc) return readPsTable();
  if (reading === null) return startReading();
  return next ??= reading.then(startReading, startReading);
}

function startReading(): Promise<TableRow[]> {
  next = null;
  const rows = readProcTable();
  const done = () => {
    if (reading === settled) reading = null;
  };
  const settled: Promise<unknown> = rows.then(done, done);
  reading = settled;
  return rows;
}

async function readProcTable(): Promise<TableRow[]> {
  const bootTime = await readBootTime();
  const pids = await readPids();
  const rows = await Promise.all(pids.map((pid) => readRow(pid, bootTime)));
  return rows.filter((row) => row !== null);
}

async function readRow(
  pid: number,
  bootTime: number,
): Promise<TableRow | null> {
  const text = await readIfShown(`/proc/${pid}/stat`);
  if (text === null) return null;
  const { state, startTicks, name, parent, session } = parseProcStat(text);
  if ("ZXx".includes(state)) return null;
  const environment = await readIfShown(`/proc/${pid}/environ`);
  return {
    pid,
    startTime: bootTime + startTicks / TICKS_PER_SECOND,
    startTicks,
    name,
    parent,
    session,
    processDir: variableIn(environment ?? "", DIR_VARIABLE),
  };
}

/** Null when it has ended, or belongs to another user. */
async function readIfShown(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return null;
  }
}

function variableIn(environment: string, variable: string): string | null {
  const entry = environment.split("\0").find((entry) =>
    entry.startsWith(`${variable}=`)
  );
  return entry?.slice(variable.length + 1) ?? null;
}

async function readPsTable(): Promise<TableRow[]> {
  const columns = ["pid", "ppid", "pgid", "stat", "lstart", "comm"];
  const ps = new Deno.Command("ps", {
    args: ["-A", ...columns.flatMap((column) => ["-o", `${column}=`])],
    env: { LC_ALL: "C", TZ: "UTC" },
    stdin: "null",
    stderr: "null",
  });
  const { stdout } = await ps.output();
  return parsePsTable(new TextDecoder().decode(stdout));
}
