/** The states of jobs, as Slurm calls them, and what they mean. */

/** What a state means for the process. */
export type Phase = "pending" | "running" | "suspended" | "ended" | "unknown";

const PHASES: Record<Exclude<Phase, "unknown">, readonly string[]> = {
  pending: [
    "PENDING",
    "CONFIGURING",
    "REQUEUED",
    "REQUEUE_FED",
    "REQUEUE_HOLD",
    "RESV_DEL_HOLD",
    "SPECIAL_EXIT",
  ],
  running: ["RUNNING", "COMPLETING", "RESIZING", "SIGNALING", "STAGE_OUT"],
  suspended: ["SUSPENDED", "STOPPED"],
  ended: [
    "BOOT_FAIL",
    "CANCELLED",
    "COMPLETED",
    "DEADLINE",
    "FAILED",
    "LAUNCH_FAILED",
    "NODE_FAIL",
    "OUT_OF_MEMORY",
    "PREEMPTED",
    "RECONFIG_FAIL",
    "REVOKED",
    "TIMEOUT",
  ],
};

/** Returns what a state means for the process. */
export function phaseOf(state: string): Phase {
  for (const [phase, states] of Object.entries(PHASES)) {
    if (states.includes(state)) return phase as Phase;
  }
  return "unknown";
}

/** Why a job is pending, in words, by the reason that `squeue` shows. */
const PENDING_REASONS: Readonly<Record<string, string>> = {
  AssociationJobLimit: "your account has as many jobs as it may have",
  BeginTime: "its earliest start is not reached",
  Cleaning: "its previous run is being cleaned up",
  Dependency: "it waits for another job",
  DependencyNeverSatisfied: "the job that it waits for did not end as required",
  JobArrayTaskLimit: "as many tasks of the array run as may",
  JobHeldAdmin: "held by an administrator",
  JobHeldUser: "held: 'scontrol release' lets it start",
  "job requeued in held state": "held: 'scontrol release' lets it start",
  launch_failed_requeued_held:
    "held, as it could not be started: 'scontrol release' tries again",
  JobLaunchFailure: "it could not be started",
  Licenses: "it waits for a license",
  NodeDown: "a node that it needs is down",
  PartitionDown: "its partition is down",
  PartitionInactive: "its partition accepts no jobs now",
  PartitionNodeLimit: "it needs more nodes than its partition allows",
  PartitionTimeLimit: "its time limit exceeds that of its partition",
  Priority: "jobs with a higher priority go first",
  Reservation: "its reservation has not begun",
  Resources: "it waits for free resources",
};

/** Returns why a job is pending, in words; null if Slurm gives no reason. */
export function pendingReason(reason: string): string | null {
  if (reason === "" || reason === "None") return null;
  const words = PENDING_REASONS[reason];
  if (words !== undefined) return `${words} (${reason})`;
  if (reason.startsWith("QOS")) return `a limit of its QOS (${reason})`;
  if (reason.startsWith("Assoc")) return `a limit of its account (${reason})`;
  return reason;
}

/** Who or what ended a job, in words, by its final state. */
const END_NOTES: Readonly<Record<string, string>> = {
  BOOT_FAIL: "its node did not boot",
  CANCELLED: "cancelled",
  DEADLINE: "its deadline passed",
  LAUNCH_FAILED: "Slurm could not start it",
  NODE_FAIL: "its node failed",
  OUT_OF_MEMORY: "out of memory",
  PREEMPTED: "preempted by another job",
  RECONFIG_FAIL: "its node could not be configured",
  REVOKED: "another cluster runs it",
  TIMEOUT: "time limit reached",
};

/** Reasons with which Slurm gives up on a job whose state is FAILED. */
const FAILURES: Readonly<Record<string, string>> = {
  BadConstraints: "no node has what it needs",
  JobLaunchFailure:
    "Slurm could not run it on its node: does the node see its directory?",
  NodeDown: "its node is down",
  RaisedSignal: "",
  NonZeroExitCode: "",
};

/** What is known of the end of a job beside its state. */
export interface EndDetails {
  /** The reason that Slurm gives, as in "JobLaunchFailure". */
  readonly reason?: string;
  /** Who cancelled it. */
  readonly by?: string | null;
  /** The node on which it ran. */
  readonly node?: string | null;
}

/** Returns how Slurm ended a job, in words; null if it ended by itself. */
export function endNote(
  state: string,
  { reason = "", by = null, node = null }: EndDetails,
): string | null {
  if (state === "CANCELLED" && by !== null) return `cancelled by ${by}`;
  if (state === "NODE_FAIL" && node) return `its node ${node} failed`;
  const note = END_NOTES[state];
  if (note !== undefined) return note;
  return state === "FAILED" ? FAILURES[reason] || null : null;
}

/** Returns whether a job in this final state failed, whatever its exit code. */
export function isFailure(state: string): boolean {
  return !["COMPLETED", "CANCELLED", "TIMEOUT", "DEADLINE", "REVOKED"]
    .includes(state);
}
