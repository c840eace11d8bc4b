/** The batch script of a process: what Slurm runs on the node. */
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";
import { basename } from "@std/path";

/** What a batch script runs. */
export interface BatchProcess {
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** The folder to run it in. */
  readonly cwd: string;
  /** Environment variables on top of those of the job. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Whether it runs as the tasks of an array, each with its own directory, or
   * as one of these tasks.
   */
  readonly array: "all" | "one" | null;
  /** The time limit in seconds; null if unknown. */
  readonly limitSeconds: number | null;
  /** The command line that submits the script, for its readers. */
  readonly submission: readonly string[];
}

/**
 * Formats the batch script of a process. It needs Bash and the basic commands of
 * any system on the node, and the process directory.
 *
 * It is Bash, whose job control gives the process its own process group, so that it
 * handles an interrupt as usual.
 */
export function formatBatchScript(
  directory: ProcessDirectory,
  { cmd, cwd, env, array, limitSeconds, submission }: BatchProcess,
): string {
  const exports = Object.entries(env).map(([name, value]) =>
    `    export ${checkVariable(name)}=${quote(value)}\n`
  );
  const all = array === "all";
  // Slurm ends a job up to half a minute after its time limit, never before it.
  const isOver = limitSeconds === null
    ? "false"
    : `[ "$SECONDS" -ge ${Math.max(0, Math.floor(limitSeconds) - 5)} ]`;
  return `\
#!/bin/bash
# Runs a process as a Slurm job, and records where it starts and how it ends.
# It is written anew at each start. To submit it:
${commentOf(submission)}

name=${quote(directory.name)}${all ? "-$SLURM_ARRAY_TASK_ID" : ""}
dir=${
    all
      ? `${quote(directory.tasksFolder)}/$SLURM_ARRAY_TASK_ID`
      : quote(directory.path)
  }
start="$dir"/${basename(directory.jobStartFile)}
exit="$dir"/${basename(directory.exitFile)}
stop="$dir"/${basename(directory.jobStopFile)}
health="$dir"/${basename(directory.healthFile)}
job=${
    array === null
      ? "$SLURM_JOB_ID"
      : '"$SLURM_ARRAY_JOB_ID"_$SLURM_ARRAY_TASK_ID'
  }
host=$SLURMD_NODENAME
restarts=$((SLURM_RESTART_COUNT))

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Writes what printf makes of the other arguments to a file, in one step.
record() {
  local file=$1
  shift
  (umask 077 && printf "$@" >"$file.$job.new") && mv -f "$file.$job.new" "$file"
}

# Prints the pid of the process, which is the id of its process group as well.
process() { sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p' "$start"; }

# Returns whether the job is being ended on request, and sets the grace period.
is_stopping() { read -r id grace <"$stop" && [ "$id" = "$job" ]; }

rm -f "$exit" "$health"
exec 3>&2 2>/dev/null # how the process ends is recorded, not printed
set -m # each process gets its own process group

# Slurm sends SIGTERM to every process of the job. If that is on request, what is
# left is killed after the grace period.
trap 'is_stopping && { sleep "$grace"; kill -KILL -- "-$(process)"; } &' TERM
# Other signals for this shell are meant for the process: --signal=B:USR1.
for signal in HUP INT USR1 USR2; do
  trap "kill -$signal -- -\\$(process)" "$signal"
done

# Runs the process, and outlives any signal but SIGKILL to record how it ends.
(
  trap '' HUP INT TERM USR1 USR2
  set -m
  (
    trap - HUP INT TERM USR1 USR2
    record "$start" '{"job_id": "%s", "restarts": %s, "pid": %s, "host": "%s", "started_at": "%s"}' \\
      "$job" "$restarts" "$BASHPID" "$host" "$(now)"
    exec 2>&3 3>&-
    cd -- ${quote(cwd)} || exit
${exports.join("")}\
    export ${NAME_VARIABLE}="$name" ${DIR_VARIABLE}="$dir"
    exec -- ${cmd.map(quote).join(" ")}
  )
  code=$? signal=
  [ "$code" -gt 128 ] && signal=$(kill -l "$code")
  reason=exited
  if is_stopping; then
    reason=terminated
  elif [ -n "$signal" ] && ${isOver}; then
    reason=ttl
  fi
  json_code=$code json_signal=null
  [ -n "$signal" ] && json_code=null json_signal='"SIG'$signal'"'
  record "$exit" '{"job_id": "%s", "restarts": %s, "pid": %s, "exit_code": %s, "exit_signal": %s, "exited_at": "%s", "reason": "%s"}' \\
    "$job" "$restarts" "$(process)" "$json_code" "$json_signal" "$(now)" "$reason"
  exit "$code"
) &
recorder=$!

code=0
while kill -0 "$recorder"; do
  wait "$recorder"
  code=$?
done
for left in $(jobs -p); do kill -KILL -- "-$left"; done
exit "$code"
`;
}

/** Quotes a word for a shell, whatever is in it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Returns the valid name of an environment variable unchanged.
 *
 * @throws {ReasonError} If a shell cannot set it.
 */
export function checkVariable(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new ReasonError(
    `a job cannot have the environment variable ${
      Deno.inspect(name)
    }: its name needs to have letters, digits and '_' only`,
  );
}

/** Returns a command line as comments: a word can have several lines. */
function commentOf(words: readonly string[]): string {
  return words.map(quote).join(" ").split("\n").map((line) => `#   ${line}`)
    .join("\n");
}
