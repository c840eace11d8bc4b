/** What to watch: a process directory, an object that has one, or single files. */
import { basename, extname } from "@std/path";
import { ProcessDirectory } from "./directory/process_directory.ts";
import { resolvePath } from "./files/path.ts";
import { isPid } from "./system/identity.ts";

/**
 * What to watch.
 *
 * - A process directory in the layout of `syft-process-manager` (`config.json`,
 *   `process_state.json`, `health.json`, `stdout.log`, `stderr.log`). It need
 *   not exist yet.
 * - Any object that has a process directory.
 * - The single files of any other process.
 *
 * A path is a string or a `file:` URL; it may be relative to the current folder,
 * or start with `~/` for the user's home folder.
 */
export type ProcessSource = string | URL | HasProcessDir | ProcessFiles;

/** An object that has a process directory. */
export interface HasProcessDir {
  /** The process directory. */
  readonly processDir: string | URL;
  /** The process's name. Default: the one in its `config.json`. */
  readonly name?: string;
}

/** The files of a process without a process directory; at least one. */
export interface ProcessFiles {
  /** The process's name. Default: that of its first file, or else its pid. */
  readonly name?: string;
  /** The pid, if it is known; not beside `pidFile`. */
  readonly pid?: number;
  /** The file whose first line holds the pid. */
  readonly pidFile?: string | URL;
  /** The file in which the process reports its health, as JSON. */
  readonly healthFile?: string | URL;
  /** The log of its standard output. */
  readonly stdout?: string | URL;
  /** The log of its standard error. */
  readonly stderr?: string | URL;
}

/** A resolved {@linkcode ProcessSource}. Paths are absolute; null is not watched. */
export interface WatchedFiles {
  /** The process's name; unless it was given, `configFile` may override it. */
  readonly name: string;
  /** The process directory. */
  readonly processDir: string | null;
  /** Whether the name was given, and so overrides that in `configFile`. */
  readonly named: boolean;
  /** The config of the process. */
  readonly configFile: string | null;
  /** The file that records which process runs. */
  readonly stateFile: string | null;
  /** The file that records where that process was started, beside `stateFile`. */
  readonly startFile: string | null;
  /** The file that records how the process ended. */
  readonly exitFile: string | null;
  /** The file whose first line holds the pid. */
  readonly pidFile: string | null;
  /** The pid, if it was given. */
  readonly pid: number | null;
  /** The file in which the process reports its health. */
  readonly healthFile: string | null;
  /** The log of its standard output. */
  readonly stdout: string | null;
  /** The log of its standard error. */
  readonly stderr: string | null;
}

/** Returns the paths of all files that are watched. */
export function pathsOf(files: WatchedFiles): string[] {
  const { configFile, stateFile, startFile, exitFile } = files;
  const paths = [
    ...[configFile, stateFile, startFile, exitFile, files.pidFile],
    ...[files.healthFile, files.stdout, files.stderr],
  ];
  return paths.filter((path) => path !== null);
}

const PATH_KEYS = ["pidFile", "stdout", "stderr", "healthFile"] as const;
const WATCHED_KEYS = ["pid", ...PATH_KEYS];
const KEYS = ["name", ...WATCHED_KEYS];

/**
 * Validates a source and resolves its paths. Reads nothing: a file system that
 * hangs must not block the caller.
 *
 * @throws {TypeError} If it names nothing to watch, has an unknown key or a
 * value of a wrong type, or a path is not a path or `file:` URL.
 * @throws {RangeError} If its pid is not a positive whole number.
 */
export function resolveSource(source: ProcessSource): WatchedFiles {
  if (typeof source === "string" || source instanceof URL) {
    return resolveDirectory(source, null);
  }
  if (typeof source !== "object" || source === null || Array.isArray(source)) {
    throw new TypeError(
      `Cannot watch ${
        show(source)
      }: name a process directory, or an object of files`,
    );
  }
  const name = checkName(source.name);
  if ("processDir" in source) return resolveDirectory(source.processDir, name);
  return resolveFiles(source, name);
}

function resolveDirectory(
  dir: string | URL,
  name: string | null,
): WatchedFiles {
  const processDir = resolvePath(dir, "the process directory");
  const directory = new ProcessDirectory(processDir, name ?? undefined);
  return {
    name: directory.name,
    processDir,
    named: name !== null,
    configFile: directory.configFile,
    stateFile: directory.stateFile,
    startFile: directory.startFile,
    exitFile: directory.exitFile,
    pidFile: null,
    pid: null,
    healthFile: directory.healthFile,
    stdout: directory.stdoutLog,
    stderr: directory.stderrLog,
  };
}

function resolveFiles(files: ProcessFiles, name: string | null): WatchedFiles {
  const unknown = Object.keys(files).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot watch '${unknown}' as there is no such key: use some of ${
        KEYS.join(", ")
      }, or processDir`,
    );
  }
  const { pid = null } = files;
  if (pid !== null && files.pidFile !== undefined) {
    throw new TypeError(
      "Cannot watch both 'pid' and 'pidFile' as they can differ: name one of them",
    );
  }
  checkPid(pid);
  const [pidFile, stdout, stderr, healthFile] = PATH_KEYS.map((key) => {
    const path = files[key];
    return path === undefined ? null : resolvePath(path, `'${key}'`);
  });
  const first = pidFile ?? stdout ?? stderr ?? healthFile;
  if (pid === null && first === null) {
    throw new TypeError(
      `Cannot watch a process as its source names nothing to watch: give it some of ${
        WATCHED_KEYS.join(", ")
      }`,
    );
  }
  return {
    name: name ?? (first ? basename(first, extname(first)) : `pid ${pid}`),
    processDir: null,
    named: name !== null,
    configFile: null,
    stateFile: null,
    startFile: null,
    exitFile: null,
    pidFile,
    pid,
    healthFile,
    stdout,
    stderr,
  };
}

function checkName(name: unknown): string | null {
  if (name === undefined || typeof name === "string" && name !== "") {
    return name ?? null;
  }
  throw new TypeError(
    `Cannot name a process ${show(name)}: give a string that is not empty`,
  );
}

function checkPid(pid: unknown): void {
  if (pid === null || isPid(pid)) return;
  const message = `Cannot watch a process as 'pid' is ${
    show(pid)
  }: it must be a positive whole number`;
  throw typeof pid === "number"
    ? new RangeError(message)
    : new TypeError(message);
}

function show(value: unknown): string {
  return Deno.inspect(value, { depth: 0 });
}
