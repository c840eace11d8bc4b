/** Finds the mount on which a path lies, without waiting for it to respond. */
import { dirname, join, resolve } from "@std/path";
import { type Mount, OVERDUE_MS, type Slots } from "./slots.ts";

/** How long a location is trusted, in milliseconds: mounts and links change. */
const MAX_AGE_MS = 60_000;

/** How old a location is when it is no longer certain, in milliseconds. */
const RELOCATE_AGE_MS = 5000;

/** How long a step of locating it again may take, in milliseconds. */
const RELOCATE_MS = 500;

/** Number of locations from which on outdated ones are dropped. */
const MAX_LOCATIONS = 1000;

/** Maximum number of symbolic links in a path, as on Linux. */
const MAX_LINKS = 40;

/** Where a path leads. */
export interface Location {
  /** The path without symbolic links, as far as it exists. */
  readonly path: string;
  /** The mount on which that path lies. */
  readonly mount: Mount;
}

/** How paths are followed. */
interface Walk {
  /** The mounts, by their mount points. */
  readonly mounts: ReadonlyMap<string, Mount>;
  /** How long to wait for each step, in milliseconds. */
  readonly patienceMs: number;
}

/** A location that is being determined, or is known. */
interface Entry {
  readonly time: number;
  readonly pending: Promise<Location>;
  found: Location | null;
}

/**
 * Locates paths on the mounts of this machine.
 *
 * It follows a path one name at a time, so that each step is a call on a mount
 * that is known, and a step without an answer names the mount that hangs.
 */
export class Mounts {
  readonly #slots: Slots;
  readonly #entries = new Map<string, Entry>();
  #reading: ReturnType<typeof readMounts> | null = null;

  /** @param slots Limit its calls as all others. */
  constructor(slots: Slots) {
    this.#slots = slots;
  }

  /** Returns the mount of a path that was located lately, or null. */
  known(path: string): Mount | null {
    return this.#fresh(path)?.found?.mount ?? null;
  }

  /** Returns where a path leads, as far as its mounts respond. */
  locate(path: string): Promise<Location> {
    return this.#locateWithin(OVERDUE_MS, path);
  }

  /** Returns the mount of a path as it is now, unless it was located just now. */
  async relocate(path: string): Promise<Mount> {
    const oldest = performance.now() - RELOCATE_AGE_MS;
    for (let at = path; at !== dirname(at); at = dirname(at)) {
      const entry = this.#entries.get(at);
      if (entry && entry.time < oldest) this.#entries.delete(at);
    }
    return (await this.#locateWithin(RELOCATE_MS, path)).mount;
  }

  async #locateWithin(patienceMs: number, path: string): Promise<Location> {
    const known = this.#fresh(path)?.found;
    if (known) return known;
    // All files of a process are usually located at once.
    const mounts =
      await (this.#reading ??= readMounts().finally(() =>
        this.#reading = null
      ));
    if (mounts === null) {
      return { path, mount: { point: dirname(path), type: "" } };
    }
    return await this.#locate(path, { mounts, patienceMs }, 0);
  }

  #fresh(path: string): Entry | null {
    const entry = this.#entries.get(path);
    return entry && performance.now() - entry.time < MAX_AGE_MS ? entry : null;
  }

  #locate(
    path: string,
    walk: Walk,
    links: number,
  ): Promise<Location> {
    const known = this.#fresh(path);
    if (known?.found) return Promise.resolve(known.found);
    // What a link leads to may wait for that very link, if links form a loop.
    if (links > 0) return this.#follow(path, walk, links);
    if (known) return known.pending;
    const pending = this.#follow(path, walk, links);
    const entry: Entry = { time: performance.now(), pending, found: null };
    pending.then((location) => entry.found = location);
    this.#prune();
    // Deleted first, so that the oldest entry stays the first.
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return pending;
  }

  async #follow(
    path: string,
    walk: Walk,
    links: number,
  ): Promise<Location> {
    const { mounts, patienceMs } = walk;
    const root = mounts.get(path);
    // Neither the root nor any other mount point is a link.
    if (root !== undefined) return { path, mount: root };
    const parent = dirname(path);
    if (parent === path) return { path, mount: { point: path, type: "" } };
    const folder = await this.#locate(parent, walk, links);
    const { mount } = folder;
    const real = join(folder.path, path.slice(parent.length));
    const mounted = mounts.get(real);
    if (mounted !== undefined) return { path: real, mount: mounted };
    try {
      const call = <T>(fn: () => Promise<T>) =>
        this.#slots.run(mount, real, fn, {
          isStep: true,
          patienceMs,
        });
      const { isSymlink } = await call(() => Deno.lstat(real));
      if (!isSymlink || links === MAX_LINKS) return { path: real, mount };
      const target = await call(() => Deno.readLink(real));
      return this.#locate(resolve(folder.path, target), walk, links + 1);
    } catch {
      // Missing or unreadable, as the call on the path itself will report.
      return { path: real, mount };
    }
  }

  /** Drops outdated entries, which come first. */
  #prune(): void {
    if (this.#entries.size < MAX_LOCATIONS) return;
    const oldest = performance.now() - MAX_AGE_MS;
    for (const [path, { time }] of this.#entries) {
      if (time > oldest) return;
      this.#entries.delete(path);
    }
  }
}

/** Reads the mounts by their mount points; null where the system hides them. */
async function readMounts(): Promise<ReadonlyMap<string, Mount> | null> {
  try {
    return parseMounts(await Deno.readTextFile("/proc/self/mountinfo"));
  } catch {
    return null;
  }
}

/** Parses `/proc/self/mountinfo`: see proc_pid_mountinfo(5). */
export function parseMounts(text: string): ReadonlyMap<string, Mount> {
  const mounts = new Map<string, Mount>();
  for (const line of text.split("\n")) {
    const [, , , , escaped] = line.split(" ");
    const type = / - (\S+)/.exec(line)?.[1];
    if (!escaped || !type) continue;
    const point = escaped.replace(
      /\\(\d{3})/g,
      (_, code) => String.fromCharCode(parseInt(code, 8)),
    );
    // A later mount hides an earlier one on the same mount point.
    mounts.set(point, { point, type });
  }
  return mounts;
}
