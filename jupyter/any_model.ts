/** What makes a model of the widget messaging protocol one of anywidget's. */

/** The version of the widget messaging protocol, major.minor.patch. */
export const PROTOCOL_VERSION = "2.1.0";

/**
 * Which anywidget the page must have, as a semver range. "0" stands for every
 * 0.x: their model and view protocol is the same. It is also what VS Code and
 * Colab put into the address of a CDN, where it resolves to the newest 0.x.
 */
const FRONT_END_VERSION = "0";

/** The traits by which a page knows which classes to use. */
export const ANYWIDGET_STATE = {
  _model_module: "anywidget",
  _model_module_version: FRONT_END_VERSION,
  _model_name: "AnyModel",
  _view_module: "anywidget",
  _view_module_version: FRONT_END_VERSION,
  _view_name: "AnyView",
  _view_count: null,
} as const;
