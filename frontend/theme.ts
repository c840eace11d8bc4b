/** Chooses the palette of a widget and follows the theme of its page. */

import type { Theme } from "../widget/traits.ts";

/** The palettes of the style sheet. */
export type Palette = "light" | "dark";

/** The theme of a page as each host indicates it; null where it does not. */
export interface PageTheme {
  /** JupyterLab and Notebook 7: `data-jp-theme-light` of the body. */
  readonly jupyter: string | null;
  /** VS Code: `data-vscode-theme-kind` of the body. */
  readonly vscode: string | null;
  /** Colab: `theme` of the root element. */
  readonly colab: string | null;
  /** The system: `prefers-color-scheme`. */
  readonly prefersDark: boolean;
}

const JUPYTER = "data-jp-theme-light";
const VSCODE = "data-vscode-theme-kind";
const COLAB = "theme";
const PREFERS_DARK = "(prefers-color-scheme: dark)";

/** Returns the palette of a widget with a theme on a page. */
export function paletteOf(theme: Theme, page: PageTheme): Palette {
  if (theme !== "auto") return theme;
  return isDark(page) ? "dark" : "light";
}

function isDark({ jupyter, vscode, colab, prefersDark }: PageTheme): boolean {
  if (jupyter !== null) return jupyter === "false";
  if (vscode !== null) return !vscode.endsWith("light");
  if (colab !== null) return colab === "dark";
  return prefersDark;
}

/** Reads the theme of this page. */
export function readPageTheme(): PageTheme {
  return {
    jupyter: document.body.getAttribute(JUPYTER),
    vscode: document.body.getAttribute(VSCODE),
    colab: document.documentElement.getAttribute(COLAB),
    prefersDark: matchMedia(PREFERS_DARK).matches,
  };
}

/** Calls `onChange` when the theme of this page changes, until the signal aborts. */
export function watchPageTheme(
  onChange: () => void,
  signal: AbortSignal,
): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { attributeFilter: [JUPYTER, VSCODE] });
  observer.observe(document.documentElement, { attributeFilter: [COLAB] });
  signal.addEventListener("abort", () => observer.disconnect());
  matchMedia(PREFERS_DARK).addEventListener("change", onChange, { signal });
}
