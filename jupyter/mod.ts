/**
 * Jupyter widgets for the Deno kernel: an {@linkcode AnyWidget} has traits that
 * kernel and page share, and an [anywidget](https://anywidget.dev) front end.
 *
 * @example A clock
 * ```ts
 * import { AnyWidget } from "@process-widget/process-widget/anywidget";
 *
 * const clock = new AnyWidget({
 *   id: "clock",
 *   esm: `export default { render({ model, el }) {
 *     const show = () => el.textContent = model.get("time");
 *     model.on("change:time", show);
 *     show();
 *   } }`,
 *   traits: { time: "" },
 * });
 * clock.set("time", new Date().toLocaleTimeString());
 * await clock.display();
 * ```
 *
 * @module
 */
export { AnyWidget } from "./any_widget.ts";
export type { WidgetDefinition } from "./definition.ts";
export type { MediaBundle } from "./display.ts";
export type { TraitChange } from "./trait_store.ts";
