/**
 * Shows background processes live in Deno notebooks.
 *
 * @example
 * ```ts no-eval
 * import { processWidget } from "./mod.ts";
 *
 * processWidget("./my-process");
 * ```
 *
 * @module
 */
export { ProcessWidget, processWidget } from "./widget.ts";
export type {
  ProcessTraits,
  ProcessWidgetOptions,
  Stream,
  Theme,
  UsageSample,
} from "./widget.ts";
export { get, list, ProcessManager, run, runFunction } from "./manager.ts";
export type { ProcessManagerOptions } from "./manager.ts";
export { ProcessHandle } from "./handle.ts";
export type { ProcessInfo, TerminateOptions } from "./handle.ts";
export type {
  CreateOptions,
  LaunchOptions,
  RunFunctionOptions,
  RunOptions,
} from "./process/lifecycle/run_options.ts";
export type {
  ExitReason,
  ExitRecord,
} from "./process/directory/exit_record.ts";
export type { LogFile } from "./process/logs/log_file.ts";
export type { StoppedProcess } from "./process/lifecycle/terminate.ts";
export type { Control, ControlAction } from "./widget/controls.ts";
export type {
  HasProcessDir,
  ProcessFiles,
  ProcessSource,
} from "./process/source.ts";
export type {
  HealthReport,
  ProcessSnapshot,
  ProcessStatus,
  ProcessUsage,
} from "./process/snapshot.ts";
export { AnyWidget } from "./jupyter/mod.ts";
export type {
  ChangeListener,
  JsonObject,
  MediaBundle,
  MessageListener,
  SlidingLists,
  TraitChange,
  TraitChecks,
  TraitListener,
  WidgetDefinition,
} from "./jupyter/mod.ts";
