/**
 * Shows background processes live in Deno notebooks.
 *
 * @example
 * ```ts no-eval
 * import { processWidget } from "@process-widget/process-widget";
 *
 * processWidget("./my-process");
 * ```
 *
 * @module
 */
export { ProcessWidget, processWidget } from "./widget.ts";
export type { Control, ControlAction } from "./widget/controls.ts";
export type { ProcessWidgetOptions } from "./widget/options.ts";
export type { ProcessTraits, Stream, Theme } from "./widget/traits.ts";
export type { UsageSample } from "./widget/usage_history.ts";

export {
  get,
  list,
  processDashboard,
  ProcessManager,
  run,
  runFunction,
} from "./manager.ts";
export type { ProcessManagerOptions } from "./manager.ts";
export type {
  CreateOptions,
  RunFunctionOptions,
  RunOptions,
} from "./process/lifecycle/run_options.ts";

export { ProcessDashboard } from "./widget/dashboard/dashboard.ts";
export type { DashboardOptions } from "./widget/dashboard/options.ts";
export type {
  DashboardSource,
  ProcessActor,
  ProcessFolder,
} from "./widget/dashboard/source.ts";
export type {
  Column,
  Creation,
  DashboardControl,
  DashboardTraits,
  Filter,
  FixedTraits,
  FormField,
  Row,
  RowAction,
  RowControl,
  RowId,
  RowTrait,
  Sorting,
} from "./widget/dashboard/traits.ts";

export { ProcessHandle } from "./handle.ts";
export type { ProcessInfo, TerminateOptions } from "./handle.ts";
export type { StoppedProcess } from "./process/lifecycle/terminate.ts";
export type { LogFile } from "./process/logs/log_file.ts";

export type {
  HasProcessDir,
  ProcessFiles,
  ProcessSource,
} from "./process/source.ts";
export type {
  JobSnapshot,
  ProcessSnapshot,
  ProcessStatus,
} from "./process/snapshot.ts";
export { slurm } from "./process/slurm/scheduler.ts";
export type { SlurmOptions } from "./process/slurm/options.ts";
export type { ExitReason, ExitRecord } from "./process/directory/formats.ts";
export type { JobRun } from "./process/directory/job_formats.ts";
export type { HealthReport } from "./process/directory/health.ts";
export type { ProcessUsage } from "./process/system/usage.ts";

// The base class of ProcessWidget, which is also a separate package.
export { AnyWidget } from "./jupyter/mod.ts";
export type {
  MediaBundle,
  TraitChange,
  WidgetDefinition,
} from "./jupyter/mod.ts";
