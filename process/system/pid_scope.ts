/** Where a pid is valid. */

/** A pid identifies a process only in one pid namespace, while its machine is up. */
export interface PidScope {
  /** The id of the machine's boot; null where the system has none. */
  readonly bootId: string | null;
  /** The pid namespace, as in "pid:[4026531836]"; null where there are none. */
  readonly pidNamespace: string | null;
  /** The host name; null if unknown. */
  readonly host: string | null;
}

/** Returns the scope in which this program sees pids. */
export async function readPidScope(): Promise<PidScope> {
  const [bootId, pidNamespace] = await Promise.all([
    readIfShown(() => Deno.readTextFile("/proc/sys/kernel/random/boot_id")),
    readIfShown(() => Deno.readLink("/proc/self/ns/pid")),
  ]);
  return { bootId, pidNamespace, host: Deno.hostname() };
}

/**
 * What a scope is to this program: its own, that of an earlier boot of this
 * machine, of another container on this machine, or of another machine.
 */
export type ScopeKind = "own" | "earlier" | "container" | "host";

/**
 * Compares a recorded scope with this program's own. What one of them lacks is
 * not compared.
 *
 * Host names are compared only across boots, as they are not unique: containers
 * can share one, and a restarted container keeps it.
 */
export function compareScope(recorded: PidScope, own: PidScope): ScopeKind {
  const { bootId, pidNamespace, host } = recorded;
  if (bootId !== own.bootId && host !== own.host) return "host";
  if (differ(bootId, own.bootId)) return "earlier";
  return differ(pidNamespace, own.pidNamespace) ? "container" : "own";
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}

/** Returns null where the system has no such file, or hides it. */
async function readIfShown(
  read: () => Promise<string>,
): Promise<string | null> {
  try {
    return (await read()).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.PermissionDenied) return null;
    throw error;
  }
}
