/** The page around a widget: what it says about its theme, and when that changes. */

import type { PageSigns } from "./theme.ts";

const JUPYTER = "data-jp-theme-light";
const VSCODE = "data-vscode-theme-kind";
const COLAB = "theme";

const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** What the page says at this moment. */
export function readPage(): PageSigns {
  return {
    jupyter: document.body.getAttribute(JUPYTER),
    vscode: document.body.getAttribute(VSCODE),
    colab: document.documentElement.getAttribute(COLAB),
    prefersDark: systemDark.matches,
  };
}

/** Calls back whenever the page says something else, until the signal aborts. */
export function watchPage(onChange: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { attributeFilter: [JUPYTER, VSCODE] });
  observer.observe(document.documentElement, { attributeFilter: [COLAB] });
  signal.addEventListener("abort", () => observer.disconnect());
  systemDark.addEventListener("change", onChange, { signal });
}
