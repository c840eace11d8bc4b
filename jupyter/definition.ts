import type { MediaBundle } from "./display.ts";

/** Options of an {@linkcode AnyWidget}. */
export interface WidgetDefinition<T extends object> {
  /** The front end: the source, or the address, of an ES module whose default
   * export is an anywidget, `{ render }`. A source cannot import other files. */
  esm: string;
  /** The style sheet of the front end. */
  css?: string;
  /** Identifies this kind of widget in the page, for example "counter". */
  id: string;
  /** Every trait with its initial value. Values are JSON. */
  traits: T;
  /** Functions that validate values set later, by the kernel or by a page. Each
   * returns the value to store, or throws an error with the reason. */
  checks?: { [K in keyof T]?: (value: unknown) => T[K] };
  /**
   * Lists that slide along a growing sequence, such as the last lines of a log,
   * each mapped to the trait that holds the number of its first item: for
   * example `{ lines: "first_line" }`.
   *
   * An item keeps its number for good; only the last item may change. A list
   * changes by setting another array. Of a list with more than 32 items, only
   * the new ones are sent, as the trait `<list>_patch`:
   * `{ sequence, start, items }`, where `items` replace everything from number
   * `start` on. The front end has to apply it. `sequence` grows by one with each
   * change of the list; if the front end misses one, `uplink.resync()` requests
   * the whole list. A whole list that follows a patch has an empty one beside
   * it, marked as `whole`.
   */
  sliding?: { readonly [K in keyof T & string]?: keyof T & string };
  /** The traits that pages may set. Default: none. */
  writable?: readonly (keyof T & string)[];
  /**
   * Whether to send a heartbeat every 5 s while no other message is sent, so
   * that views can distinguish a quiet widget from an unresponsive kernel. A
   * function is called before each heartbeat, and returns whether the traits
   * are current. Default: false.
   */
  heartbeat?: boolean | (() => boolean);
  /** Prepares the widget for display; displaying waits for it. */
  ready?: () => Promise<void>;
  /** Returns what front ends without widgets show. Default: the widget's text. */
  fallback?: (traits: T) => MediaBundle;
  /** Receives the number of views of all pages whenever it changes. */
  onViewsChange?: (views: number) => void;
}
