/** Reports changes to files by file-system events, where these are delivered. */
import { join } from "@std/path";
import { locate } from "./gate.ts";
import { Inotify } from "./inotify.ts";
import { UnresponsiveError } from "./slots.ts";

/** The file systems that deliver an event for every change. */
const LOCAL_TYPES: ReadonlySet<string> = new Set([
  ...["ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs"],
  ...["tmpfs", "ramfs", "overlay", "vfat", "exfat", "ntfs3"],
]);

/** What is watched for its next change. */
interface Target {
  readonly path: string;
  /** Whether what a link leads to is watched, and not the link itself. */
  readonly follow: boolean;
}

/** The instance that all watches share, while there are any. */
let shared: Inotify | null = null;
let users = 0;

/**
 * Watches a set of files for their next change; it then has to be armed again.
 *
 * Not reported are a new target of a link in the middle of a path, a folder
 * above that is replaced, and the creation of a single file or of the folder:
 * the files that exist are watched, not the folders around them, where others
 * may change files all the time.
 */
export class ChangeWatch {
  readonly #folder: string | null;
  readonly #files: readonly string[];
  readonly #onChange: () => void;
  readonly #unwatches = new Set<() => void>();
  #inotify: Inotify | null = null;
  #isComplete = false;
  /** Number of times that watching ended, by which one that arms detects it. */
  #stops = 0;

  /**
   * @param folder A folder whose direct contents are all watched, or null.
   * @param files Single files to watch, or files in that folder.
   * @param onChange Called when something changes after it was armed.
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
    return this.#unwatches.size > 0;
  }

  /**
   * Whether every change to the direct contents of the folder will be reported,
   * and all files are there. A link that has taken the place of a file within the
   * last minute goes unnoticed.
   */
  get isComplete(): boolean {
    return this.armed && this.#isComplete;
  }

  /** Reports at once what has changed by now, instead of later in this turn of the
   * event loop. */
  receive(): void {
    this.#inotify?.receive();
  }

  /**
   * Watches for the next change of everything that exists. Never rejects.
   *
   * @returns Why some changes will not be reported, or null.
   */
  async arm(): Promise<string | null> {
    this.#unwatch();
    const stops = this.#stops;
    const reasons: string[] = [];
    const targets = await this.#targets(reasons);
    this.#isComplete = this.#folder !== null &&
      targets.every(({ path }) => path === this.#folder);
    try {
      if (targets.length > 0 && stops === this.#stops) this.#share();
      const added = await Promise.allSettled(
        targets.map((target) => this.#add(target, stops)),
      );
      for (const result of added) {
        if (result.status === "rejected") throw result.reason;
      }
    } catch (error) {
      // Polling says by itself that a file system does not respond.
      if (!(error instanceof UnresponsiveError)) {
        reasons.push(
          `Cannot watch for changes as ${
            error instanceof Error ? error.message : error
          }`,
        );
      }
    }
    if (reasons.length > 0) this.#isComplete = false;
    return reasons[0] ?? null;
  }

  /** Stops watching. Idempotent. */
  disarm(): void {
    this.#unwatch();
    if (this.#inotify === null) return;
    this.#inotify = null;
    if (--users > 0) return;
    shared?.close();
    shared = null;
  }

  #unwatch(): void {
    this.#stops++;
    for (const unwatch of this.#unwatches) unwatch();
    this.#unwatches.clear();
  }

  #share(): void {
    if (this.#inotify !== null) return;
    this.#inotify = shared ??= new Inotify();
    users++;
  }

  async #targets(reasons: string[]): Promise<Target[]> {
    const folder = this.#folder === null ? null : await locate(this.#folder);
    const targets: Target[] = [];
    const add = async (path: string) => {
      const { path: real, mount } = await locate(path);
      if (!LOCAL_TYPES.has(mount.type)) {
        reasons.push(describeType(path, mount.type));
        return;
      }
      // A link in the folder is watched with it.
      const inFolder = folder && path !== this.#folder;
      if (
        inFolder && mount.point === folder.mount.point &&
        real === join(folder.path, path.slice(this.#folder!.length))
      ) return;
      targets.push({ path, follow: true });
      if (real !== path && !inFolder) targets.push({ path, follow: false });
    };
    for (const path of [this.#folder ?? [], this.#files].flat()) {
      await add(path);
    }
    return targets;
  }

  async #add({ path, follow }: Target, stops: number): Promise<void> {
    const inotify = this.#inotify;
    if (inotify === null || stops !== this.#stops) return;
    const onChange = () => {
      if (stops !== this.#stops) return;
      // A link may lead elsewhere by now, so all are watched again.
      this.#unwatch();
      this.#onChange();
    };
    const watch = await inotify.watch(path, onChange, { follow });
    if (watch === null) return;
    const unwatch = () => inotify.unwatch(watch, onChange);
    if (stops === this.#stops) this.#unwatches.add(unwatch);
    else unwatch();
  }
}

function describeType(path: string, type: string): string {
  const reason = type === ""
    ? "its file system is unknown: run this program with --allow-all"
    : `its file system (${type}) may not report them`;
  return `Cannot watch '${path}' for changes as ${reason}`;
}
