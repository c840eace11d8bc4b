import { assertEquals } from "@std/assert";
import { type PageTheme, paletteOf } from "../../../frontend/theme.ts";

const UNSPECIFIED: PageTheme = {
  jupyter: null,
  vscode: null,
  colab: null,
  prefersDark: false,
};

function autoPalette(page: Partial<PageTheme>): string {
  return paletteOf("auto", { ...UNSPECIFIED, ...page });
}

Deno.test("A fixed theme ignores the page", () => {
  const dark = { ...UNSPECIFIED, jupyter: "false", prefersDark: true };
  assertEquals(paletteOf("light", dark), "light");
  assertEquals(paletteOf("dark", UNSPECIFIED), "dark");
});

Deno.test("auto follows JupyterLab", () => {
  assertEquals(autoPalette({ jupyter: "true" }), "light");
  assertEquals(autoPalette({ jupyter: "false" }), "dark");
});

Deno.test("auto follows VS Code, including its high contrast themes", () => {
  assertEquals(autoPalette({ vscode: "vscode-light" }), "light");
  assertEquals(autoPalette({ vscode: "vscode-dark" }), "dark");
  assertEquals(autoPalette({ vscode: "vscode-high-contrast" }), "dark");
  assertEquals(autoPalette({ vscode: "vscode-high-contrast-light" }), "light");
});

Deno.test("auto follows Colab", () => {
  assertEquals(autoPalette({ colab: "dark" }), "dark");
  assertEquals(autoPalette({ colab: "light" }), "light");
});

Deno.test("auto follows the system on a page without a theme", () => {
  assertEquals(autoPalette({}), "light");
  assertEquals(autoPalette({ prefersDark: true }), "dark");
});

Deno.test("auto prefers the theme of the page to that of the system", () => {
  assertEquals(autoPalette({ jupyter: "true", prefersDark: true }), "light");
  assertEquals(
    autoPalette({ vscode: "vscode-light", prefersDark: true }),
    "light",
  );
  assertEquals(autoPalette({ colab: "light", prefersDark: true }), "light");
});
