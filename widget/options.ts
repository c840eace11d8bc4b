/** What can be set of a widget: by its maker, and later by its traits. */
import type { Control } from "./controls.ts";
import type { ProcessTraits, Theme } from "./traits.ts";

/** Options of {@linkcode processWidget}. */
export interface ProcessWidgetOptions {
  /** Milliseconds from one poll to the next, 50 or more. Default 1000. */
  interval?: number;
  /** How many lines of each log to show, 0 to 10,000. Default 20. */
  lines?: number;
  /** The palette. Default "auto", which follows the page. */
  theme?: Theme;
  /**
   * What views may ask for, `[]` for nothing. Default: all that the source can
   * do; only a handle can start and end its process and clear its logs.
   */
  controls?: readonly Control[];
  /** Closes the widget. */
  signal?: AbortSignal;
}

const THEMES: readonly unknown[] = ["auto", "light", "dark"] satisfies Theme[];

/**
 * Returns the theme, if it is one.
 *
 * @throws {TypeError} If it is not.
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
 * Returns whether to poll, if the value says so.
 *
 * @throws {TypeError} If it is not a boolean.
 */
export function checkPollingActive(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `Cannot pause or resume as 'polling_active' must be true or false: current value is ${
      Deno.inspect(value)
    }`,
  );
}

/** The traits that a page may set when it is offered these controls. */
export function writableBy(
  controls: readonly Control[],
): readonly (keyof ProcessTraits)[] {
  return [
    ...controls.includes("pause")
      ? ["polling_active", "polling_interval", "lines"] as const
      : [],
  ];
}
