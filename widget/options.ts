/** The options of a process widget, and the values that its traits accept. */
import type { Control } from "./controls.ts";
import type { ProcessTraits, Theme } from "./traits.ts";

/** Options of {@linkcode processWidget}. */
export interface ProcessWidgetOptions {
  /** Milliseconds between two polls, from 50 to 86,400,000. Default 1000. */
  interval?: number;
  /** How many lines of each log to show, 0 to 10,000. Default 20. */
  lines?: number;
  /** The palette. Default "auto", which follows the page. */
  theme?: Theme;
  /**
   * What views may request, `[]` for nothing. Default: everything that the
   * source supports; only a handle can start and end its process and clear its
   * logs.
   */
  controls?: readonly Control[];
  /**
   * Whether to poll at once when a file changes, at most ten times a second, in
   * addition to the interval. On Linux only, and not on network file systems, where
   * changes are not reported. Default false.
   */
  watch?: boolean;
  /** Closes the widget when aborted. */
  signal?: AbortSignal;
}

const THEMES: readonly unknown[] = ["auto", "light", "dark"] satisfies Theme[];

/**
 * Returns a valid theme unchanged.
 *
 * @throws {TypeError} If it is not a theme.
 */
export function checkTheme(theme: unknown): Theme {
  if (THEMES.includes(theme)) return theme as Theme;
  throw new TypeError(
    `Cannot show a process as 'theme' must be "auto", "light" or "dark": current value is ${
      Deno.inspect(theme)
    }`,
  );
}

/**
 * Returns a valid value of `polling_active` unchanged.
 *
 * @throws {TypeError} If it is not a boolean.
 */
export function checkPollingActive(value: unknown): boolean {
  return checkBoolean(value, "Cannot pause or resume as 'polling_active'");
}

/**
 * Returns a valid value of `watch` unchanged.
 *
 * @throws {TypeError} If it is not a boolean.
 */
export function checkWatch(value: unknown): boolean {
  return checkBoolean(value, "Cannot watch for changes as 'watch'");
}

function checkBoolean(value: unknown, failure: string): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `${failure} must be true or false: current value is ${Deno.inspect(value)}`,
  );
}

/** Returns the traits that a page may set if it is offered these controls. */
export function writableTraits(
  controls: readonly Control[],
): readonly (keyof ProcessTraits)[] {
  return controls.includes("pause")
    ? ["polling_active", "polling_interval", "lines"]
    : [];
}
