/** Which palette a widget wears. */

import type { Theme } from "../widget/traits.ts";

/** The two palettes of the style sheet. */
export type Palette = "light" | "dark";

/** Where a page may say whether it is dark; null where it says nothing. */
export interface PageSigns {
  /** JupyterLab and Notebook 7: `data-jp-theme-light` of the body. */
  readonly jupyter: string | null;
  /** VS Code: `data-vscode-theme-kind` of the body. */
  readonly vscode: string | null;
  /** Colab: `theme` of the root element. */
  readonly colab: string | null;
  /** The system: `prefers-color-scheme`. */
  readonly prefersDark: boolean;
}

/** The palette of a widget with this theme on a page with these signs. */
export function paletteOf(theme: Theme, page: PageSigns): Palette {
  if (theme !== "auto") return theme;
  return isDark(page) ? "dark" : "light";
}

function isDark({ jupyter, vscode, colab, prefersDark }: PageSigns): boolean {
  if (jupyter !== null) return jupyter === "false";
  if (vscode !== null) return !vscode.endsWith("light");
  if (colab !== null) return colab === "dark";
  return prefersDark;
}
