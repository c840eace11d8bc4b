/** Runs the commands of Slurm. */
import { ReasonError } from "../files/reading.ts";

/** How long a command may take, in milliseconds: longer than Slurm itself waits
 * for a controller that does not respond. */
const TIMEOUT_MS = 60_000;

/** Variables by which a user's defaults would change what a command prints. */
const UNSET =
  /^(SQUEUE|SACCT|SSTAT|SCANCEL)_|^SBATCH_(ARRAY_INX|WAIT|OUTPUT|ERROR)$/;

/** Variables that describe the job in which the kernel itself may run. */
const OF_JOB = /^(SLURM|SLURMD|PMI|PMIX)_(?!CONF$|CLUSTERS$|JWT$)/;

/** Options of {@linkcode runCommand}. */
export interface CommandOptions {
  /** Whether this program waits for it before it exits. Default true. */
  readonly ref?: boolean;
}

/**
 * Runs a command of Slurm.
 *
 * @returns What it prints.
 * @throws {ReasonError} If it fails; the message quotes Slurm's.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { ref = true }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, ownEnvironment(program));
  if (!ref) child.unref();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, TIMEOUT_MS);
  Deno.unrefTimer(timer);
  try {
    const { success, stdout, stderr } = await child.output();
    if (success) return decode(stdout);
    throw new ReasonError(
      timedOut
        ? `'${program}' does not answer within ${TIMEOUT_MS / 1000} s`
        : `'${program}' reports: ${messageIn(decode(stderr), program)}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

function spawn(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ReasonError(
      `there is no '${program}' on this machine: use a node of the cluster, with Slurm's commands`,
    );
  }
}

function ownEnvironment(program: string): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  const kept = all.filter(([name]) => !UNSET.test(name) && !OF_JOB.test(name));
  const env = Object.fromEntries(kept);
  // Times as epoch seconds; a job inherits the environment of its submission.
  return program === "sbatch" ? env : { ...env, SLURM_TIME_FORMAT: "%s" };
}

/** Returns the message that a command prints, without its own prefix. */
export function messageIn(stderr: string, program: string): string {
  const prefix = new RegExp(`^${program}: (error: |fatal: )?`);
  const lines = stderr.split("\n").map((line) =>
    line.replace(prefix, "").trim()
  )
    .filter((line) => line !== "");
  return lines.length === 0 ? "nothing" : `"${lines.join("; ")}"`;
}

/** Returns what a command prints: nothing if the only job that was asked about is unknown. */
export async function orNothing(output: Promise<string>): Promise<string> {
  try {
    return await output;
  } catch (error) {
    if (/invalid job id/i.test(String(error))) return "";
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
