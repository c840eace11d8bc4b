import { assert, assertEquals } from "@std/assert";
import {
  contrast,
  cssOf,
  type Style,
} from "../../../frontend/terminal/style.ts";

type Rgb = [number, number, number];

const GROUNDS = {
  light: [248, 249, 250] as Rgb,
  dark: [26, 26, 26] as Rgb,
};

function colorsOf(css: string): Rgb[] {
  return Array.from(
    css.matchAll(/rgb\((\d+) (\d+) (\d+)\)/g),
    ([, ...parts]) => parts.map(Number) as Rgb,
  );
}

Deno.test("cssOf makes every color readable on both palettes, dim and inverse too", () => {
  for (const palette of ["light", "dark"] as const) {
    for (let color = 0; color < 256; color++) {
      const styles: Style[] = [
        { color },
        { color, dim: true },
        { color, inverse: true },
        { background: color },
        { color, background: 255 - color },
      ];
      for (const style of styles) {
        const [text, ground = GROUNDS[palette]] = colorsOf(
          cssOf(style, palette),
        );
        const message = `${palette} ${JSON.stringify(style)}`;
        assert(text !== undefined, message);
        assert(contrast(text, ground) >= 4.5, message);
      }
    }
  }
});

Deno.test("cssOf keeps the colors of the page for a style without colors", () => {
  assertEquals(
    cssOf({ bold: true, italic: true }, "dark"),
    "font-weight:bold;font-style:italic",
  );
  assertEquals(
    cssOf({ underline: true, strike: true }, "dark"),
    "text-decoration:underline line-through",
  );
});
