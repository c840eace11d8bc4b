/** Terminal styles as CSS, readable on the palette that a widget wears. */

import type { Palette } from "../theme.ts";
import type { Color, Style } from "./style.ts";

type Rgb = readonly [number, number, number];

/** The least contrast of text, a little above what WCAG's AA asks for, as the
 * host may give panes a slightly different background. */
const MIN_CONTRAST = 5.2;
/** How much of a dim character's colour is left. */
const DIM = 0.65;

const PAGE: Record<Palette, { background: Rgb; text: Rgb }> = {
  light: { background: [248, 249, 250], text: [55, 65, 81] },
  dark: { background: [26, 26, 26], text: [201, 205, 211] },
};

/** The 16 named colours, chosen for each palette. */
const NAMED: Record<Palette, readonly Rgb[]> = {
  light: [
    ...hex("3b4252 c4293d 1a7f37 8a6100 1f5fbf 8e3bb0 0b7285 6b7280"),
    ...hex("57606a d1242f 2da44e a87800 3572d6 a44fc4 1793a8 8c959f"),
  ],
  dark: [
    ...hex("5c6370 ff6b6b 6bcb77 e5b95c 6cb0ff d38aea 4fc9d6 c9cdd3"),
    ...hex("8b93a1 ff8f8f 8fdf98 f5d27e 93c6ff e2a9f3 7fdfe8 f5f6f8"),
  ],
};

const inks: Record<Palette, WeakMap<Style, string>> = {
  light: new WeakMap(),
  dark: new WeakMap(),
};

/** The CSS declarations of a style. */
export function inkOf(style: Style, palette: Palette): string {
  let ink = inks[palette].get(style);
  if (ink === undefined) {
    ink = declarations(style, palette).join(";");
    inks[palette].set(style, ink);
  }
  return ink;
}

function declarations(style: Style, palette: Palette): string[] {
  const page = PAGE[palette];
  const given = rgbOf(style.color, palette);
  const behind = rgbOf(style.background, palette);
  const [text, background] = style.inverse
    ? [behind ?? page.background, given ?? page.text]
    : [given, behind];
  const list: string[] = [];
  if (text || background || style.dim) {
    const ground = background ?? page.background;
    const full = text ?? page.text;
    const wanted = style.dim ? blend(full, ground, DIM) : full;
    list.push(`color:${css(readable(wanted, ground))}`);
  }
  if (background) list.push(`background-color:${css(background)}`);
  if (style.bold) list.push("font-weight:bold");
  if (style.italic) list.push("font-style:italic");
  if (style.underline || style.strike) {
    const lines = [
      style.underline && "underline",
      style.strike && "line-through",
    ];
    list.push(`text-decoration:${lines.filter(Boolean).join(" ")}`);
  }
  return list;
}

function rgbOf(color: Color | undefined, palette: Palette): Rgb | null {
  if (color === undefined) return null;
  if (typeof color === "object") return color;
  if (color < 16) return NAMED[palette][color];
  if (color >= 232) {
    const grey = 8 + (color - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (step: number) => step === 0 ? 0 : 55 + 40 * step;
  const cube = color - 16;
  return [
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6),
  ];
}

/** The colour nearest to `color` that can be read on `ground`. */
export function readable(color: Rgb, ground: Rgb): Rgb {
  if (contrast(color, ground) >= MIN_CONTRAST) return color;
  const black: Rgb = [0, 0, 0];
  const white: Rgb = [255, 255, 255];
  const end = contrast(white, ground) > contrast(black, ground) ? white : black;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 8; step++) {
    const middle = (low + high) / 2;
    if (contrast(blend(end, color, middle), ground) < MIN_CONTRAST) {
      low = middle;
    } else high = middle;
  }
  return blend(end, color, high);
}

/** The contrast of two colours, from 1 to 21, as WCAG 2 reckons it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** So much of `a`, the rest of `b`. */
function blend(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: number) => Math.round(a[i] * share + b[i] * (1 - share));
  return [at(0), at(1), at(2)];
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function hex(colors: string): Rgb[] {
  return colors.split(" ").map((color) => {
    const value = parseInt(color, 16);
    return [value >> 16, value >> 8 & 255, value & 255];
  });
}
