/** Saves the polls of many processes from looking at files that have not changed. */
import { basename, dirname } from "@std/path";
import { ChangeWatch } from "./change_watch.ts";
import { gated } from "./gate.ts";

/** Number of polled folders above which they are watched. */
const MANY = 30;

/** Default of how long files may count as unchanged, in milliseconds: not every change is
 * reported, such as one by `mmap`, or through a hard link in another folder. */
const MAX_QUIET_MS = 10_000;

/** How long a folder is not watched after such a change, in milliseconds. */
const DISTRUST_MS = 600_000;

/** How long until a folder that cannot be watched is tried again, in milliseconds. */
const RETRY_MS = 60_000;

/** Maximum number of polls between two attempts to watch a folder that is busy. */
const MAX_SKIPPED = 32;

/** The largest folder that is watched, in bytes, as it has to be listed: about
 * 1000 files. */
const MAX_FOLDER_SIZE = 32 * 1024;

/** How long callers share the result of looking up a folder, in milliseconds. */
const SHARED_MS = 100;

/** Number of lookups that are remembered. */
const MAX_LOOKUPS = 1000;

/** Options of {@linkcode QuietFiles}. */
export interface QuietOptions {
  /** Number of polled folders above which they are watched. Default: 30. */
  readonly many?: number;
  /** How long files may count as unchanged, in milliseconds. Default: 10,000. */
  readonly maxMs?: number;
}

/** The number of folders that are polled. */
let polled = 0;

/** Number of instances, by which the readings after 10 s are spread over time. */
let instances = 0;

/** Multiples of it, modulo 1, are spread evenly however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Tells whether the files in a folder may have changed since they were read.
 *
 * Few folders are not watched, so their files may always have changed. Many are,
 * each from its second poll on, until it changes at most polls. Then only what no
 * event reports is looked at: whether the path still leads to the same folder.
 * Files that are links or mount points may always have changed, as all on network
 * file systems; any file may, 10 s after it was read. If a change is found then, the
 * folder is not watched for 10 minutes.
 */
export class QuietFiles {
  readonly #folder: string | null;
  readonly #names: ReadonlySet<string>;
  readonly #watch: ChangeWatch;
  readonly #many: number;
  readonly #maxMs: number;
  /** What is called on a change, by someone who arms the watch again. */
  #onChange: (() => void) | null = null;
  /** The path whose replacement no event reports, and what was there. */
  #anchor = "";
  #place: string | null = null;
  /** Whether every change is reported while the watch is armed. */
  #isComplete = false;
  /** How often the watch was armed or disarmed, and what it was when reading began. */
  #watches = 0;
  #begun = NaN;
  /** Whether the files were read since the watch was armed. */
  #isSettled = false;
  #isExpired = false;
  /** Whether files are read that were quiet. */
  #isRevised = false;
  #isPolled = false;
  #isFrequent = false;
  /** Times on the monotonic clock. */
  #polledAt = -Infinity;
  #readAt = -Infinity;
  #retryAt = -Infinity;
  /** Whether the watch has made a poll quiet since it was armed. */
  #hasHelped = false;
  /** How long the files may count as unchanged now: less than the maximum at first. */
  #currentMaxMs: number;
  /** How many polls not to watch, now and after the next change. */
  #skipped = 0;
  #nextSkipped = 1;

  /**
   * Watches nothing yet.
   *
   * @param folder The folder; if it is null, the files may always have changed.
   * @param files The paths of the files.
   */
  constructor(
    folder: string | null,
    files: readonly string[],
    { many = MANY, maxMs = MAX_QUIET_MS }: QuietOptions = {},
  ) {
    this.#folder = folder;
    this.#names = new Set(files.map((file) => basename(file)));
    this.#watch = new ChangeWatch(folder, files, () => this.#changed());
    this.#many = many;
    this.#maxMs = maxMs;
    this.#currentMaxMs = maxMs * (instances++ * GOLDEN_RATIO % 1);
  }

  /** Has changes reported to a caller that arms the watch, as in push mode. */
  share(onChange: () => void): this {
    this.#onChange = onChange;
    return this;
  }

  /** Whether a change will be reported. */
  get armed(): boolean {
    return this.#watch.armed;
  }

  /** Watches for the next change, as {@linkcode ChangeWatch.arm} does. */
  arm(): Promise<string | null> {
    this.#forget();
    return this.#watch.arm();
  }

  /** Stops watching. Idempotent. */
  disarm(): void {
    this.#forget();
    this.#watch.disarm();
  }

  /** Returns whether the files are as they were read last, and settled. */
  async isQuiet(): Promise<boolean> {
    const now = performance.now();
    this.#isFrequent = now - this.#polledAt < this.#maxMs;
    this.#polledAt = now;
    if (this.#isExpired || !this.#isSettled || !this.#isMany) return false;
    if (now - this.#readAt >= this.#currentMaxMs) {
      this.#currentMaxMs = this.#maxMs;
      return false;
    }
    this.#watch.receive();
    if (!this.#isSettled) return false;
    const place = await lookUp(this.#anchor);
    if (!this.#isSettled) return false;
    if (place === this.#place) return this.#hasHelped = true;
    this.#forget();
    return false;
  }

  /** Notes that all files are going to be read, and watches them if that pays. */
  async begin(): Promise<void> {
    if (this.#folder === null) return;
    if (!this.#isPolled) polled++;
    this.#isPolled = true;
    const watches = this.#watches;
    const wasSettled = this.#isSettled;
    this.#isExpired = this.#isSettled = false;
    this.#readAt = performance.now();
    await this.#update();
    this.#begun = this.#watches;
    this.#isRevised = wasSettled && watches === this.#begun;
  }

  /**
   * Notes that all files were read since {@linkcode begin}, and that reading them
   * again has no other result until they change.
   *
   * @param isChanged Whether the result differs from that of the last time.
   */
  settle(isChanged: boolean): void {
    this.#watch.receive();
    const isReported = this.#begun !== this.#watches || !this.#isRevised;
    if (isChanged && !isReported) {
      this.#retryAt = this.#readAt + DISTRUST_MS;
      this.#forget();
      if (this.#onChange === null) this.disarm();
    }
    this.#isSettled = this.#isComplete && this.#watch.armed &&
      this.#begun === this.#watches;
  }

  /** Makes the next poll read all files. */
  expire(): void {
    this.#isExpired = true;
  }

  /** Stops watching until the next poll. Idempotent. */
  rest(): void {
    this.disarm();
    this.#polledAt = this.#retryAt = -Infinity;
    if (this.#isPolled) polled--;
    this.#isPolled = false;
  }

  get #isMany(): boolean {
    return polled > this.#many;
  }

  async #update(): Promise<void> {
    const isShared = this.#onChange !== null;
    if (!this.#isMany || !this.#isFrequent) {
      if (!isShared) this.disarm();
      return;
    }
    this.#watch.receive();
    // What shares the watch decides when to arm it.
    if (this.#watch.armed ? this.#isComplete : isShared) return;
    if (this.#readAt < this.#retryAt) return;
    if (this.#skipped > 0) {
      this.#skipped--;
      return;
    }
    const obstacle = await this.#armCompletely();
    if (this.#isComplete) return;
    // Otherwise it is missing, or has changed meanwhile.
    if (this.#watch.armed || obstacle !== null) {
      this.#retryAt = this.#readAt + RETRY_MS;
    } else if (this.#place === null) this.#skipped = MAX_SKIPPED;
    if (!isShared) this.disarm();
  }

  /** Watches the folder, and finds out whether every change will be reported. */
  async #armCompletely(): Promise<string | null> {
    this.#forget();
    const watches = this.#watches;
    // Looked at first: if another folder takes its place meanwhile, that shows later.
    const isListable = await this.#find();
    if (watches !== this.#watches) return null;
    const obstacle = await this.#watch.arm();
    if (!isListable || !this.#watch.isComplete) return obstacle;
    const hasLinks = await this.#hasLinks();
    if (watches === this.#watches) this.#isComplete = !hasLinks;
    return obstacle;
  }

  #changed(): void {
    this.#skipped = this.#hasHelped ? 0 : this.#nextSkipped;
    this.#nextSkipped = this.#hasHelped
      ? 1
      : Math.min(2 * this.#nextSkipped, MAX_SKIPPED);
    this.#forget();
    this.#onChange?.();
  }

  #forget(): void {
    this.#watches++;
    this.#isComplete = this.#isSettled = this.#hasHelped = false;
  }

  /** Finds the folder; returns whether it can be listed soon. */
  async #find(): Promise<boolean> {
    const folder = this.#folder!;
    this.#place = null;
    try {
      const { isSymlink } = await gated(folder, () => Deno.lstat(folder));
      // An event reports that the folder itself is replaced, but not what a link
      // leads to.
      this.#anchor = isSymlink ? folder : dirname(folder);
      this.#place = await lookUp(this.#anchor);
      const { size } = await gated(folder, () => Deno.stat(folder));
      return this.#place !== null && size <= MAX_FOLDER_SIZE;
    } catch {
      return false;
    }
  }

  async #hasLinks(): Promise<boolean> {
    const folder = this.#folder!;
    try {
      const entries = await gated(
        folder,
        () => Array.fromAsync(Deno.readDir(folder)),
      );
      return entries.some(({ name, isSymlink }) =>
        isSymlink && this.#names.has(name)
      );
    } catch {
      return true;
    }
  }
}

/** A folder that was looked up: its device and inode, or null if it is missing. */
interface Lookup {
  readonly at: number;
  readonly place: Promise<string | null>;
}

/** By path: most processes have their folders in one. */
const lookups = new Map<string, Lookup>();

/** Identifies what is at a path. */
function lookUp(path: string): Promise<string | null> {
  const now = performance.now();
  const known = lookups.get(path);
  if (known && now - known.at < SHARED_MS) return known.place;
  if (lookups.size >= MAX_LOOKUPS) lookups.clear();
  const place = gated(path, () => Deno.stat(path))
    .then(({ dev, ino }) => `${dev}:${ino}`, () => null);
  lookups.set(path, { at: now, place });
  return place;
}
