/**
 * Publishes a widget that is the value of a cell before the cell ends.
 *
 * The kernel itself publishes the value as an `execute_result` without metadata,
 * often after the status message that ends the cell. It reads its function for
 * that from its internals for each cell, so that another one can take its place.
 * In a kernel without it, the kernel's own `execute_result` shows the view.
 *
 * No other file may use the internals of the kernel.
 */
import { inKernel } from "./comm.ts";
import { $display, hasView, type MediaBundle, sendOutput } from "./display.ts";

/** Publishes the value of the cell with this execution count. */
type PublishValue = (count: number, value: unknown) => Promise<void>;

/** A value that says how it is displayed. */
interface Displayable {
  [$display](): MediaBundle | Promise<MediaBundle>;
}

/** Marks a function that publishes views, of any copy of this module. */
const $publishesViews: unique symbol = Symbol.for("anywidget.publishes-views");

/**
 * Makes this kernel publish views before the cell ends. Idempotent; does nothing
 * outside a kernel.
 */
export function publishViewsInTime(): void {
  const kernel = inKernel() ? internals()?.jupyter : undefined;
  const publish = kernel?.broadcastResult;
  if (!kernel || typeof publish !== "function") return;
  if ($publishesViews in publish) return;
  const replacement = Object.assign(
    (count: number, value: unknown) => publishValue(count, value, publish),
    { [$publishesViews]: true },
  );
  // Unlike an assignment, does not throw if another Deno freezes its internals.
  Reflect.set(kernel, "broadcastResult", replacement);
}

async function publishValue(
  count: number,
  value: unknown,
  publish: PublishValue,
): Promise<void> {
  if (!isDisplayable(value)) return await publish(count, value);
  // Called once, as it may have effects.
  const displayed = (async () => await value[$display]())();
  const bundle = await displayed.catch(() => null);
  if (bundle && hasView(bundle)) {
    await sendOutput("execute_result", bundle, { execution_count: count });
  } else {
    await publish(count, { [$display]: () => displayed });
  }
}

function isDisplayable(value: unknown): value is Displayable {
  return typeof value === "object" && value !== null && $display in value &&
    typeof value[$display] === "function";
}

/** The internals of Deno that the kernel uses, as of Deno 2.9. */
interface Internals {
  jupyter?: { broadcastResult?: PublishValue };
}

function internals(): Internals | undefined {
  const { internal } = Deno as unknown as { internal?: symbol };
  if (internal === undefined) return undefined;
  return (Deno as unknown as Record<symbol, Internals | undefined>)[internal];
}
