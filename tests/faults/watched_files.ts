/** Each file that is read of a process, with what is shown of it. */
import {
  formatExit,
  formatStart,
  formatState,
  formatStopMarker,
} from "../../process/directory/formats.ts";
import { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { StateReader } from "../../process/directory/state_reader.ts";
import { QuietFiles } from "../../process/files/quiet.ts";
import { ProcessReader } from "../../process/reader.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { pathsOf, resolveSource } from "../../process/source.ts";
import type { ProcessIdentity } from "../../process/system/identity.ts";
import { readPidScope } from "../../process/system/pid_scope.ts";
import { until } from "../files/support.ts";

/** Distinct contents. */
export type Content = "one" | "two";

/** Two running processes, to which the contents refer. */
export type Processes = Readonly<Record<Content, ProcessIdentity>>;

/** What one poll shows of a file: its content, and what is wrong with it. */
export interface Shown {
  readonly content: string | null;
  readonly error: string | null;
}

/** A file of a process, or its directory, in a folder of one test. */
export interface WatchedFile {
  /** Its path. */
  readonly path: string;
  /** Writes everything that is needed to show a content. */
  write(content: Content): Promise<void>;
  /** Tells readers to read it again, if it is not read at each poll. */
  touch(): Promise<void>;
  /** Returns what is shown now. */
  read(): Promise<Shown>;
  /** Reads until it is not read while it seems unchanged; missing if it always is. */
  quieten?(): Promise<void>;
  /** Releases it. */
  close(): void;
}

/**
 * Creates a file in a folder; it is read at `readFolder`, the same folder or
 * another path to it. One of many can be quietened.
 */
type CreateFile = (
  folder: string,
  readFolder: string,
  processes: Processes,
  isOneOfMany?: boolean,
) => WatchedFile;

function stateOf(
  { pid, startTime }: ProcessIdentity,
  createdAt = Date.now(),
): string {
  return formatState({ pid, createTime: startTime, createdAt });
}

async function writeConfig(
  { configFile }: ProcessDirectory,
  content: Content,
): Promise<void> {
  const config = { name: "test", cmd: [content] };
  await Deno.writeTextFile(configFile, JSON.stringify(config));
}

/** Returns which of the processes has this pid. */
function contentOfPid(processes: Processes, pid: number | null) {
  const contents = ["one", "two"] as const;
  return contents.find((content) => processes[content].pid === pid) ?? null;
}

/** A file that is read by polling its process directory. */
function polled(
  fileIn: (directory: ProcessDirectory) => string,
  write: (
    directory: ProcessDirectory,
    content: Content,
    processes: Processes,
  ) => Promise<void>,
  show: (snapshot: ProcessSnapshot, processes: Processes) => string | null,
): CreateFile {
  return (folder, readFolder, processes, isOneOfMany = false) => {
    const directory = new ProcessDirectory(`${folder}/a`);
    const files = resolveSource(`${readFolder}/a`);
    const many = isOneOfMany ? 0 : Infinity;
    const quiet = new QuietFiles(files.processDir, pathsOf(files), { many });
    const reader = new ProcessReader(files, { quiet });
    return {
      path: fileIn(directory),
      async write(content) {
        await Deno.mkdir(directory.path, { recursive: true, mode: 0o755 });
        await write(directory, content, processes);
      },
      touch: async () => {},
      async read() {
        const snapshot = await reader.read();
        return { content: show(snapshot, processes), error: snapshot.error };
      },
      quieten: () =>
        until(async () => {
          await reader.read();
          return await quiet.isQuiet();
        }),
      close: () => reader.close(),
    };
  };
}

/** A file that is only read when something is done with the process. */
function readOnDemand(
  name: string,
  format: (content: Content, processes: Processes) => string,
  read: (
    directory: ProcessDirectory,
    processes: Processes,
  ) => Promise<string | null>,
): CreateFile {
  return (folder, readFolder, processes) => {
    const path = `${folder}/a/${name}`;
    const directory = new ProcessDirectory(`${readFolder}/a`);
    return {
      path,
      async write(content) {
        await Deno.mkdir(`${folder}/a`, { recursive: true, mode: 0o755 });
        await Deno.writeTextFile(path, format(content, processes));
      },
      touch: async () => {},
      async read() {
        try {
          return { content: await read(directory, processes), error: null };
        } catch (error) {
          return { content: null, error: String(error) };
        }
      },
      close() {},
    };
  };
}

/** The files, by the names of the columns in the table. */
export const WATCHED_FILES: Readonly<Record<string, CreateFile>> = {
  config: polled(
    ({ configFile }) => configFile,
    writeConfig,
    ({ command }) => command?.[0] ?? null,
  ),
  state: polled(
    ({ stateFile }) => stateFile,
    ({ stateFile }, content, processes) =>
      Deno.writeTextFile(stateFile, stateOf(processes[content])),
    ({ pid }, processes) => contentOfPid(processes, pid),
  ),
  start: (folder, readFolder, processes) => {
    const { path, startFile, stateFile } = new ProcessDirectory(`${folder}/a`);
    const reader = new StateReader(new ProcessDirectory(`${readFolder}/a`));
    const write = async (content: Content) => {
      const { pid, startTime: createTime, startTicks } = processes[content];
      const start = formatStart({
        pid,
        createTime,
        startTicks,
        ...await readPidScope(),
        supervisorPid: null,
        supervisorStartTicks: null,
      });
      await Deno.mkdir(path, { recursive: true, mode: 0o755 });
      await Deno.writeTextFile(startFile, start);
      await Deno.writeTextFile(stateFile, stateOf(processes[content]));
    };
    return {
      path: startFile,
      write,
      // It is read again when the state has changed.
      touch: () => {
        const state = stateOf(processes.one, Date.now() + 1000);
        return Deno.writeTextFile(stateFile, state);
      },
      async read() {
        const { value, error } = await reader.read();
        const pid = value?.start?.pid ?? null;
        return { content: contentOfPid(processes, pid), error };
      },
      close() {},
    };
  },
  health: polled(
    ({ healthFile }) => healthFile,
    ({ healthFile }, message) =>
      Deno.writeTextFile(
        healthFile,
        JSON.stringify({ status: "healthy", message }),
      ),
    ({ health }) => health?.message ?? null,
  ),
  exit: polled(
    ({ exitFile }) => exitFile,
    ({ exitFile }, content) =>
      Deno.writeTextFile(
        exitFile,
        formatExit({
          pid: 1,
          createTime: null,
          code: content === "one" ? 1 : 2,
          signal: null,
          exitedAt: Date.now(),
          reason: "exited",
        }),
      ),
    ({ exit }) => exit && (exit.code === 1 ? "one" : "two"),
  ),
  stop: readOnDemand(
    "stop.json",
    (content, processes) =>
      formatStopMarker({
        pid: processes[content].pid,
        until: Date.now() + 600_000,
      }),
    async (directory, processes) => {
      const one = await directory.hasStopMarker(processes.one.pid);
      const two = await directory.hasStopMarker(processes.two.pid);
      return one && two ? "any" : one ? "one" : two ? "two" : null;
    },
  ),
  launch: readOnDemand(
    "launch.json",
    (content) => JSON.stringify({ cwd: content }),
    (directory) => directory.readCwd(),
  ),
  log: polled(
    ({ stdoutLog }) => stdoutLog,
    ({ stdoutLog }, content) => Deno.writeTextFile(stdoutLog, `${content}\n`),
    ({ stdoutLines }) => stdoutLines.at(-1) ?? null,
  ),
  "pid file": (folder, readFolder, processes) => {
    const path = `${folder}/pid`;
    const pidFile = `${readFolder}/pid`;
    const reader = new ProcessReader(resolveSource({ pidFile }));
    return {
      path,
      async write(content) {
        await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
        await Deno.writeTextFile(path, `${processes[content].pid}\n`);
      },
      touch: async () => {},
      async read() {
        const { pid, error } = await reader.read();
        return { content: contentOfPid(processes, pid), error };
      },
      close: () => reader.close(),
    };
  },
  directory: polled(
    ({ path }) => path,
    writeConfig,
    ({ command }) => command?.[0] ?? null,
  ),
};
