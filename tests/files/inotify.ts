/** The inotify instances and watches of this program. */

/** Returns the number of instances. */
export function countInstances(): number {
  return watchesByInstance().length;
}

/** Returns the number of watches of all instances. */
export function countWatches(): number {
  return watchesByInstance().reduce((sum, count) => sum + count, 0);
}

function watchesByInstance(): number[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      if (!target.includes("inotify")) return [];
      const info = Deno.readTextFileSync(`/proc/self/fdinfo/${name}`);
      return info.split("\n").filter((l) => l.startsWith("inotify")).length;
    } catch {
      // It has been closed.
      return [];
    }
  });
}
