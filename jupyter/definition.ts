import type { TraitChecks } from "./trait_store.ts";

/** What a widget is made from. */
export interface WidgetDefinition<T extends object> {
  /** The front end: the source of one ES module whose default export is an
   * anywidget, `{ render }`. It cannot import other files. */
  esm: string;
  /** The style sheet of the front end. */
  css?: string;
  /** Names this kind of widget in the page, as in "counter". */
  id: string;
  /** Every trait with its first value. Values are JSON. */
  traits: T;
  /** What checks the values of traits that are set later. */
  checks?: TraitChecks<T>;
  /**
   * Traits that are lists sliding over something that grows, like the last
   * lines of a log. A change of a long one is sent as `<trait>_patch`, a
   * {@linkcode ListPatch} with a running number, in place of the whole list:
   * the front end has to apply it.
   */
  sliding?: readonly (keyof T & string)[];
  /** The traits that a page may set; the rest is the kernel's. Default: none. */
  writable?: readonly (keyof T & string)[];
  /**
   * Whether the widget says every 5 s that it is live when it has nothing else
   * to tell, so that its views can tell silence from a kernel that is gone.
   * Default: false.
   */
  heartbeat?: boolean;
}
