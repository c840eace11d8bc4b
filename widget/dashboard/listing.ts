import { directoriesIn } from "../../process/directory/base_folder.ts";
import type { ProcessDirectory } from "../../process/directory/process_directory.ts";
import { gated } from "../../process/files/gate.ts";
import {
  looksSame,
  TIME_GRANULARITY,
} from "../../process/files/parsed_file.ts";
import { describeReadFailure } from "../../process/files/reading.ts";
import { orNull } from "../../process/files/regular_file.ts";
import type { ProcessSource } from "../../process/source.ts";
import {
  type DashboardSource,
  isFolder,
  type ListedProcess,
  type ProcessFolder,
  processIn,
  processOf,
} from "./source.ts";
import type { DashboardControl } from "./traits.ts";

/** How often a base folder is listed although it looks unchanged, in milliseconds:
 * network file systems may not show that it changed. */
const RELIST_MS = 60_000;

/** Keeps up with which processes a dashboard shows. */
export class Listing {
  /** The managers among the sources. */
  readonly folders: readonly ProcessFolder[];
  readonly #fixed: readonly ListedProcess[];
  readonly #watches: readonly FolderWatch[];
  #last: readonly ListedProcess[] = [];
  #parts: readonly (readonly ListedProcess[])[] = [];

  /**
   * @param offered What views may request.
   * @throws {TypeError | RangeError} If a source is invalid.
   */
  constructor(source: DashboardSource, offered: readonly DashboardControl[]) {
    const sources: readonly (ProcessFolder | ProcessSource)[] =
      Array.isArray(source) ? source : [source];
    this.folders = sources.filter(isFolder);
    this.#watches = this.folders.map((folder) =>
      new FolderWatch(folder, offered)
    );
    this.#fixed = sources.flatMap((one) =>
      isFolder(one) ? [] : processOf(one, offered)
    );
  }

  /**
   * Returns all processes, sorted by name: the very same array while there are no
   * others. What cannot be read is left as it was, and reported.
   */
  async read(): Promise<{
    readonly processes: readonly ListedProcess[];
    readonly error: string | null;
  }> {
    const found = await Promise.all(this.#watches.map((one) => one.read()));
    const errors = this.#watches.flatMap(({ error }) => error ?? []);
    const parts = [this.#fixed, ...found];
    if (parts.some((part, at) => part !== this.#parts[at])) {
      this.#parts = parts;
      // A process may be listed twice, for example beside its manager.
      const byKey = new Map(parts.flat().map((one) => [one.key, one]));
      this.#last = [...byKey.values()].sort(byName);
    }
    return {
      processes: this.#last,
      error: errors.length === 0 ? null : errors.join("\n"),
    };
  }

  /** Checks at the next read whether this process is still one: its directory may
   * have lost its config. */
  doubt(key: string): void {
    for (const watch of this.#watches) watch.doubt(key);
  }
}

/** Keeps up with the processes in a base folder, at the cost of one stat. */
class FolderWatch {
  readonly #folder: ProcessFolder;
  readonly #offered: readonly DashboardControl[];
  #known: Deno.FileInfo | null = null;
  #listedAt = -Infinity;
  #byPath = new Map<string, ListedProcess>();
  readonly #doubted = new Set<string>();
  #last: readonly ListedProcess[] = [];
  /** Folders that are not processes yet: their config may be written later. */
  #incomplete: readonly ProcessDirectory[] = [];
  error: string | null = null;

  constructor(folder: ProcessFolder, offered: readonly DashboardControl[]) {
    this.#folder = folder;
    this.#offered = offered;
  }

  /** Returns the processes: the very same array while there are no others. */
  async read(): Promise<readonly ListedProcess[]> {
    const { dir } = this.#folder;
    try {
      const info = await orNull(gated(dir, () => Deno.stat(dir)));
      if (!this.#looksCurrent(info) || await this.#isCompleted()) {
        await this.#list(info);
      }
      this.error = null;
    } catch (error) {
      this.error = describeReadFailure(dir, error);
    }
    return this.#last;
  }

  doubt(path: string): void {
    if (!this.#byPath.has(path)) return;
    this.#doubted.add(path);
    this.#known = null;
  }

  #looksCurrent(info: Deno.FileInfo | null): boolean {
    return info !== null && this.#known !== null &&
      looksSame(info, this.#known) &&
      performance.now() - this.#listedAt < RELIST_MS;
  }

  async #isCompleted(): Promise<boolean> {
    const found = await Promise.all(
      this.#incomplete.map((directory) => directory.exists()),
    );
    return found.includes(true);
  }

  async #list(info: Deno.FileInfo | null): Promise<void> {
    const listedAt = performance.now();
    const directories = info === null
      ? []
      : await directoriesIn(this.#folder.dir);
    const found = await Promise.all(directories.map((one) => this.#find(one)));
    const processes = found.filter((one) => one !== null);
    this.#incomplete = directories.filter((_, at) => found[at] === null);
    const isSame = processes.length === this.#last.length &&
      processes.every((process, at) => process === this.#last[at]);
    if (!isSame) this.#last = processes;
    this.#byPath = new Map(processes.map((process) => [process.key, process]));
    this.#listedAt = listedAt;
    // Another change may leave its time the same.
    const changedAt = info?.mtime?.getTime() ?? Infinity;
    this.#known = Date.now() - changedAt > TIME_GRANULARITY ? info : null;
  }

  async #find(directory: ProcessDirectory): Promise<ListedProcess | null> {
    const { path, name } = directory;
    const known = this.#byPath.get(path);
    if (known && !this.#doubted.delete(path)) return known;
    if (!await directory.exists()) return null;
    return known ?? processIn(this.#folder, name, path, this.#offered);
  }
}

function byName({ files: a }: ListedProcess, { files: b }: ListedProcess) {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
