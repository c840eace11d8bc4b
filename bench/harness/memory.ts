/** Memory of a process, in MB. */
export interface Memory {
  /** What it has allocated, without the files that it has mapped. */
  readonly anonymous: number;
  /** Its resident memory. */
  readonly rss: number;
}

/** Returns the memory of a process. */
export function memoryOf(pid: number): Memory {
  const text = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
  return {
    anonymous: kilobytes(text, "Anonymous") / 1e3,
    rss: kilobytes(text, "Rss") / 1e3,
  };
}

/** Returns the resident memory of this program, in bytes. */
export function residentBytes(): number {
  return 1024 * kilobytes(Deno.readTextFileSync("/proc/self/status"), "VmRSS");
}

/** Returns its highest resident memory since {@linkcode resetPeak}, in bytes. */
export function peakBytes(): number {
  return 1024 * kilobytes(Deno.readTextFileSync("/proc/self/status"), "VmHWM");
}

/** Forgets the highest resident memory so far. */
export function resetPeak(): void {
  Deno.writeTextFileSync("/proc/self/clear_refs", "5");
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(text)![1]);
}
