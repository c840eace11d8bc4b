/** Text styles as set by SGR sequences (ECMA-48, 8.3.117), and their CSS. */

import type { Palette } from "../theme.ts";

type Rgb = readonly [red: number, green: number, blue: number];

/** An index into xterm's 256 colors, or red, green and blue from 0 to 255. */
export type Color = number | Rgb;

/** The differences from plain text. */
export interface Style {
  readonly color?: Color;
  readonly background?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly strike?: boolean;
}

/** The style of plain text. */
export const PLAIN: Style = {};

/** What each parameter turns on or off. */
const ATTRIBUTES: Record<number, Style> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  29: { strike: undefined },
  39: { color: undefined },
  49: { background: undefined },
};

/** Applies an SGR sequence with parameters such as "1;31" to a style. */
export function restyle(style: Style, params: string): Style {
  const codes = parseCodes(params);
  let result = style;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index];
    if (code === 0) result = PLAIN;
    else if (code === 38 || code === 48) {
      const [color, length] = extendedColor(codes, index + 1);
      index += length;
      if (color === null) continue;
      const layer = code === 38 ? "color" : "background";
      result = { ...result, [layer]: color };
    } else result = { ...result, ...(ATTRIBUTES[code] ?? basicColor(code)) };
  }
  return result;
}

function parseCodes(params: string): number[] {
  if (!params.includes(":")) return params.split(";").map(Number);
  // "4:0" turns the underline off, other "4:n" select its shape. Colors that
  // are separated by colons may include a color space, which is ignored.
  return params
    .replaceAll(/\b4:0\b/g, "24")
    .replaceAll(/\b4:\d+/g, "4")
    .replaceAll(/\b([34]8:2):\d*:(\d+:\d+:\d+)/g, "$1:$2")
    .split(/[;:]/).map(Number);
}

function basicColor(code: number): Style {
  if (code >= 30 && code <= 37) return { color: code - 30 };
  if (code >= 90 && code <= 97) return { color: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 100 + 8 };
  return {};
}

/** Parses "5;n" or "2;r;g;b" at an index; returns how many codes it takes. */
function extendedColor(
  codes: readonly number[],
  index: number,
): [color: Color | null, length: number] {
  const isByte = (value: number) => value >= 0 && value <= 255;
  if (codes[index] === 5) {
    const color = codes[index + 1];
    return [isByte(color) ? color : null, 2];
  }
  if (codes[index] === 2) {
    const [red, green, blue] = codes.slice(index + 1, index + 4);
    const valid = [red, green, blue].every(isByte);
    return [valid ? [red, green, blue] : null, 4];
  }
  return [null, 1];
}

/** Returns whether two styles are equal. */
export function sameStyle(a: Style, b: Style): boolean {
  if (a === b) return true;
  const names = Object.keys({ ...a, ...b }) as (keyof Style)[];
  // Colors may be lists of numbers.
  return names.every((name) => String(a[name]) === String(b[name]));
}

/** Minimum contrast of text: above the 4.5 of WCAG AA, as the background of a
 * pane varies slightly with the page's theme. */
const MIN_CONTRAST = 5.2;
/** Share of its color that dim text keeps. */
const DIM = 0.65;

const DEFAULTS: Record<Palette, { background: Rgb; text: Rgb }> = {
  light: { background: [248, 249, 250], text: [55, 65, 81] },
  dark: { background: [26, 26, 26], text: [201, 205, 211] },
};

/** The 16 basic colors, chosen for each palette. */
const BASIC_COLORS: Record<Palette, readonly Rgb[]> = {
  light: [
    ...hex("3b4252 c4293d 1a7f37 8a6100 1f5fbf 8e3bb0 0b7285 6b7280"),
    ...hex("57606a d1242f 2da44e a87800 3572d6 a44fc4 1793a8 8c959f"),
  ],
  dark: [
    ...hex("5c6370 ff6b6b 6bcb77 e5b95c 6cb0ff d38aea 4fc9d6 c9cdd3"),
    ...hex("8b93a1 ff8f8f 8fdf98 f5d27e 93c6ff e2a9f3 7fdfe8 f5f6f8"),
  ],
};

const cssCache: Record<Palette, WeakMap<Style, string>> = {
  light: new WeakMap(),
  dark: new WeakMap(),
};

/** Returns the CSS declarations of a style, with colors adjusted for contrast. */
export function cssOf(style: Style, palette: Palette): string {
  let css = cssCache[palette].get(style);
  if (css === undefined) {
    css = declarations(style, palette).join(";");
    cssCache[palette].set(style, css);
  }
  return css;
}

function declarations(style: Style, palette: Palette): string[] {
  const defaults = DEFAULTS[palette];
  const foreground = toRgb(style.color, palette);
  const fill = toRgb(style.background, palette);
  const [text, background] = style.inverse
    ? [fill ?? defaults.background, foreground ?? defaults.text]
    : [foreground, fill];
  const list: string[] = [];
  if (text || background || style.dim) {
    const behind = background ?? defaults.background;
    const full = text ?? defaults.text;
    const color = style.dim ? blend(full, behind, DIM) : full;
    list.push(`color:${rgb(withContrast(color, behind))}`);
  }
  if (background) list.push(`background-color:${rgb(background)}`);
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

function toRgb(color: Color | undefined, palette: Palette): Rgb | null {
  if (color === undefined) return null;
  if (typeof color === "object") return color;
  if (color < 16) return BASIC_COLORS[palette][color];
  if (color >= 232) {
    const gray = 8 + (color - 232) * 10;
    return [gray, gray, gray];
  }
  const level = (step: number) => step === 0 ? 0 : 55 + 40 * step;
  const cube = color - 16;
  return [
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6),
  ];
}

/** Returns the color nearest to `color` with enough contrast on `background`. */
function withContrast(color: Rgb, background: Rgb): Rgb {
  if (contrast(color, background) >= MIN_CONTRAST) return color;
  const black: Rgb = [0, 0, 0];
  const white: Rgb = [255, 255, 255];
  const end = contrast(white, background) > contrast(black, background)
    ? white
    : black;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 8; step++) {
    const middle = (low + high) / 2;
    const enough =
      contrast(blend(end, color, middle), background) >= MIN_CONTRAST;
    if (enough) high = middle;
    else low = middle;
  }
  return blend(end, color, high);
}

/** Returns the WCAG 2 contrast ratio of two colors, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Mixes two colors; `share` is that of `a`, from 0 to 1. */
function blend(a: Rgb, b: Rgb, share: number): Rgb {
  const mix = (i: number) => Math.round(a[i] * share + b[i] * (1 - share));
  return [mix(0), mix(1), mix(2)];
}

function rgb([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function hex(colors: string): Rgb[] {
  return colors.split(" ").map((color) => {
    const value = parseInt(color, 16);
    return [value >> 16, value >> 8 & 255, value & 255];
  });
}
