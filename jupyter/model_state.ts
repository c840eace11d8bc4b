/** The state with which a page creates an anywidget model. */

import { esm as wrapper } from "./dist/widget_module.ts";

/** The version of the widget messaging protocol, as major.minor.patch. */
export const PROTOCOL_VERSION = "2.1.0";

/**
 * The versions of anywidget's front end that work, as a semver range. "0" means
 * every 0.x, as their model and view protocol is the same. VS Code and Colab
 * request this range from a CDN, where it resolves to the newest 0.x.
 */
const FRONT_END_VERSION = "0";

/** The traits that select the model and view classes. */
export const ANYWIDGET_STATE = {
  _model_module: "anywidget",
  _model_module_version: FRONT_END_VERSION,
  _model_name: "AnyModel",
  _view_module: "anywidget",
  _view_module_version: FRONT_END_VERSION,
  _view_name: "AnyView",
  _view_count: null,
} as const;

/**
 * Wraps a front end so that it gets an `uplink` and a model whose
 * `save_changes` and `send` reach a Deno kernel.
 *
 * A page loads a front end from text, where imports by path do not work, so the
 * result contains the source of both.
 *
 * @param esm The source, or the address, of an anywidget module.
 */
export function wrapModule(esm: string): string {
  return `const WIDGET_ESM = ${JSON.stringify(esm)};\n${wrapper}`;
}
