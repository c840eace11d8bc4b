/** What to watch: a process directory, something that has one, or single files. */
import { basename, extname, join } from "@std/path";
import { resolvePath } from "./files/path.ts";
import { isPid } from "./system/identity.ts";

/**
 * What to watch.
 *
 * - A process directory in the layout of `syft-process-manager` (`config.json`,
 *   `process_state.json`, `health.json`, `stdout.log`, `stderr.log`). It need
 *   not exist yet.
 * - Anything that has a process directory.
 * - The single files of any other process.
 *
 * A path is a string or a `file:` URL; it may be relative to the current folder,
 * or start with `~/` for the user's home folder.
 */
export type ProcessSource = string | URL | HasProcessDir | ProcessFiles;

/** Something that has a process directory. */
export interface HasProcessDir {
  /** The process directory. */
  readonly processDir: string | URL;
  /** The process's name. Default: the one in its `config.json`. */
  readonly name?: string;
}

/** The files that tell of a process without a process directory; at least one. */
export interface ProcessFiles {
  /** The process's name. Default: that of its first file, or else of its pid. */
  readonly name?: string;
  /** The process's id, where it is known; not beside `pidFile`. */
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
  /** The process's name; unless it was given, `configFile` may give another. */
  readonly name: string;
  /** The process directory. */
  readonly processDir: string | null;
  /** Whether the name was given, and so comes before that of `configFile`. */
  readonly named: boolean;
  /** Its `config.json`. */
  readonly configFile: string | null;
  /** Its `process_state.json`. */
  readonly stateFile: string | null;
  /** Its `exit.json`. */
  readonly exitFile: string | null;
  /** The file whose first line holds the pid. */
  readonly pidFile: string | null;
  /** The pid, where it is known beforehand. */
  readonly pid: number | null;
  /** Its health file. */
  readonly healthFile: string | null;
  /** The log of its standard output. */
  readonly stdout: string | null;
  /** The log of its standard error. */
  readonly stderr: string | null;
}

const PATH_KEYS = ["pidFile", "stdout", "stderr", "healthFile"] as const;
const WATCHED_KEYS = ["pid", ...PATH_KEYS];
const KEYS = ["name", ...WATCHED_KEYS];

/**
 * Checks a source, and resolves its paths.
 *
 * @throws {TypeError} If it is no source: it names nothing to watch, has an
 * unknown key or a value of a wrong type, a path is no path or `file:` URL, or
 * a file stands where the process directory is meant to be.
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
  checkDirectory(processDir);
  return {
    name: name ?? (basename(processDir) || processDir),
    processDir,
    named: name !== null,
    configFile: join(processDir, "config.json"),
    stateFile: join(processDir, "process_state.json"),
    exitFile: join(processDir, "exit.json"),
    pidFile: null,
    pid: null,
    healthFile: join(processDir, "health.json"),
    stdout: join(processDir, "stdout.log"),
    stderr: join(processDir, "stderr.log"),
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
    exitFile: null,
    pidFile,
    pid,
    healthFile,
    stdout,
    stderr,
  };
}

/** A directory that is missing may come; a file in its place never becomes one. */
function checkDirectory(path: string): void {
  try {
    if (Deno.statSync(path).isDirectory) return;
  } catch (error) {
    // What cannot be read now is shown by each look at it.
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
    throw new TypeError(
      `Cannot watch '${path}' as a part of its path is a file: name the process directory instead`,
    );
  }
  throw new TypeError(
    `Cannot watch '${path}' as it is a file: name the process directory instead`,
  );
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
