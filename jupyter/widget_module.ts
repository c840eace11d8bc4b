import link from "./dist/widget_module.js" with { type: "text" };

/**
 * The front end of a widget, with the way to the kernel built in: a module
 * that loads the given one and hands it a model whose `save_changes` and `send`
 * arrive.
 *
 * A page makes one module of it, from text, so it cannot import the given one
 * by a path: it has its source.
 *
 * @param esm The source of an anywidget module, or the address of one.
 */
export function linkedEsm(esm: string): string {
  return `const WIDGET_ESM = ${JSON.stringify(esm)};\n${link}`;
}
