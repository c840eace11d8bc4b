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
export type { ProcessTraits, ProcessWidgetOptions, Theme } from "./widget.ts";
export type {
  HasProcessDir,
  ProcessFiles,
  ProcessSource,
} from "./process/source.ts";
export type { ProcessStatus } from "./process/snapshot.ts";
export { AnyWidget } from "./jupyter/any_widget.ts";
export type {
  ChangeListener,
  MediaBundle,
  TraitListener,
  WidgetDefinition,
} from "./jupyter/any_widget.ts";
export type { TraitChange, TraitChecks } from "./jupyter/traits.ts";
export type { JsonObject } from "./jupyter/comm.ts";
