/** Reports changes to files by file-system events, where these are delivered. */
import { basename, dirname, join } from "@std/path";
import { gated, locate } from "./gate.ts";

/**
 * The file systems that deliver events and do not hang. All others are polled:
 * opening a watch on one that does not respond would block this thread.
 */
const LOCAL_TYPES: ReadonlySet<string> = new Set([
  ...["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs"],
  ...["tmpfs", "ramfs", "overlay", "vfat", "exfat", "ntfs3"],
]);

/** Number of events about other files after which a folder is left alone. */
const MAX_UNRELATED = 200;

/** How long it is then left alone, in milliseconds. */
const REST_MS = 60_000;

/** Watches a set of files for their next change; it then has to be armed again. */
export class ChangeWatch {
  readonly #folder: string | null;
  readonly #files: readonly string[];
  readonly #onChange: () => void;
  #watcher: Deno.FsWatcher | null = null;
  /** Number of calls that arm or disarm, by which one detects a later one. */
  #calls = 0;
  #restUntil = 0;

  /**
   * @param folder A folder whose direct contents are all watched, or null.
   * @param files Single files to watch.
   * @param onChange Called once when something changes after it was armed.
   */
  constructor(
    folder: string | null,
    files: readonly string[],
    onChange: () => void,
  ) {
    this.#folder = folder;
    this.#files = files;
    this.#onChange = onChange;
  }

  /** Whether a change will be reported. */
  get armed(): boolean {
    return this.#watcher !== null;
  }

  /**
   * Watches for the next change, if the files' folders exist. Never rejects.
   *
   * @returns Why no events can be expected, or null.
   */
  async arm(): Promise<string | null> {
    this.disarm();
    if (performance.now() < this.#restUntil) return null;
    const calls = this.#calls;
    const folders = new Set<string>();
    const names = new Set<string>();
    try {
      for (const path of [this.#folder ?? [], this.#files].flat()) {
        const { path: real, mount } = await locate(path);
        if (!LOCAL_TYPES.has(mount.type)) return describeType(path, mount.type);
        const isFolder = path === this.#folder;
        if (!isFolder) names.add(join(dirname(real), basename(real)));
        folders.add(isFolder ? real : dirname(real));
      }
      for (const folder of folders) {
        await gated(folder, () => Deno.stat(folder));
      }
    } catch {
      // Missing, or not responding: the next poll tries again.
      return null;
    }
    if (calls !== this.#calls || folders.size === 0) return null;
    try {
      this.#watcher = Deno.watchFs([...folders], { recursive: false });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      return `Cannot watch for changes as ${
        error instanceof Error ? error.message : error
      }: raise fs.inotify.max_user_watches and fs.inotify.max_user_instances; until then changes show at the polling interval`;
    }
    this.#follow(this.#watcher, this.#folder === null ? names : null);
    return null;
  }

  /** Stops watching. Idempotent. */
  disarm(): void {
    this.#calls++;
    this.#watcher?.close();
    this.#watcher = null;
  }

  async #follow(
    watcher: Deno.FsWatcher,
    names: ReadonlySet<string> | null,
  ): Promise<void> {
    let unrelated = 0;
    for await (const { kind, paths, flag } of watcher) {
      if (watcher !== this.#watcher) return;
      // Polling itself causes these.
      if (kind === "access") continue;
      if (!names || flag || paths.some((path) => names.has(path))) {
        this.disarm();
        return this.#onChange();
      }
      if (++unrelated < MAX_UNRELATED) continue;
      this.#restUntil = performance.now() + REST_MS;
      return this.disarm();
    }
  }
}

function describeType(path: string, type: string): string {
  return `Cannot watch '${path}' for changes as its file system${
    type && ` (${type})`
  } may not report them: changes show at the polling interval`;
}
