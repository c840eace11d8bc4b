import { assertEquals } from "@std/assert";
import { type PageSigns, paletteOf } from "../../../frontend/theme.ts";

const SILENT: PageSigns = {
  jupyter: null,
  vscode: null,
  colab: null,
  prefersDark: false,
};

function autoPalette(signs: Partial<PageSigns>): string {
  return paletteOf("auto", { ...SILENT, ...signs });
}

Deno.test("a fixed theme does not look at the page", () => {
  const dark = { ...SILENT, jupyter: "false", prefersDark: true };
  assertEquals(paletteOf("light", dark), "light");
  assertEquals(paletteOf("dark", SILENT), "dark");
});

Deno.test("auto follows JupyterLab", () => {
  assertEquals(autoPalette({ jupyter: "true" }), "light");
  assertEquals(autoPalette({ jupyter: "false" }), "dark");
});

Deno.test("auto follows VS Code, in high contrast too", () => {
  assertEquals(autoPalette({ vscode: "vscode-light" }), "light");
  assertEquals(autoPalette({ vscode: "vscode-dark" }), "dark");
  assertEquals(autoPalette({ vscode: "vscode-high-contrast" }), "dark");
  assertEquals(autoPalette({ vscode: "vscode-high-contrast-light" }), "light");
});

Deno.test("auto follows Colab", () => {
  assertEquals(autoPalette({ colab: "dark" }), "dark");
  assertEquals(autoPalette({ colab: "light" }), "light");
});

Deno.test("auto follows the system on a page that says nothing", () => {
  assertEquals(autoPalette({}), "light");
  assertEquals(autoPalette({ prefersDark: true }), "dark");
});

Deno.test("auto trusts the page more than the system", () => {
  assertEquals(autoPalette({ jupyter: "true", prefersDark: true }), "light");
  assertEquals(
    autoPalette({ vscode: "vscode-light", prefersDark: true }),
    "light",
  );
  assertEquals(autoPalette({ colab: "light", prefersDark: true }), "light");
});
