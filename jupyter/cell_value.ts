/**
 * Displays the value of a cell in time.
 *
 * The kernel publishes the value of a cell as an `execute_result` when the cell
 * has run, often after the status message that ends the cell, and without
 * metadata. It looks up its function for that in its internals, one call at a
 * time, so a function there can send the views of widgets itself. Where a kernel
 * does not have it, its own `execute_result` shows the view.
 *
 * No other file may use internals of the kernel.
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

/** Makes this kernel publish views in time. Idempotent; does nothing outside a
 * kernel. */
export function publishViewsInTime(): void {
  const kernel = inKernel() ? internals()?.jupyter : undefined;
  const publish = kernel?.broadcastResult;
  if (!kernel || !publish || $publishesViews in publish) return;
  kernel.broadcastResult = Object.assign(
    (count: number, value: unknown) => publishValue(count, value, publish),
    { [$publishesViews]: true },
  );
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
