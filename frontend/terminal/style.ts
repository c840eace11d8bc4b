/** How a terminal draws characters, as set by SGR sequences (ECMA-48, 8.3.117). */

/** A colour: an index into the 256 of xterm, or red, green and blue. */
export type Color = number | readonly [number, number, number];

/** What differs from plain text. Styles are compared with {@linkcode sameStyle}. */
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

/** Characters without any style. */
export const PLAIN: Style = {};

/** What these parameters switch on, and off again. */
const SWITCHES: Record<number, Style> = {
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

/** The style after an SGR sequence with these parameters, as in "1;31". */
export function restyle(style: Style, params: string): Style {
  const codes = codesOf(params);
  let result = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) result = PLAIN;
    else if (code === 38 || code === 48) {
      const [color, length] = extendedColor(codes, at + 1);
      at += length;
      if (color === null) continue;
      const layer = code === 38 ? "color" : "background";
      result = { ...result, [layer]: color };
    } else if (code in SWITCHES) result = { ...result, ...SWITCHES[code] };
    else result = { ...result, ...basicColor(code) };
  }
  return result;
}

function codesOf(params: string): number[] {
  if (!params.includes(":")) return params.split(";").map(Number);
  // 4:0 means "no underline", and other 4:n are kinds of it. Colours may be
  // separated by colons, which leaves room for the name of a colour space.
  return params
    .replaceAll(/\b4:0\b/g, "24")
    .replaceAll(/\b4:\d+/g, "4")
    .replaceAll(/\b([34]8:2):\d*:(\d+:\d+:\d+)/g, "$1:$2")
    .split(/[;:]/).map(Number);
}

/** Whether two styles draw the same. */
export function sameStyle(a: Style, b: Style): boolean {
  return a === b ||
    a.bold === b.bold && a.dim === b.dim && a.italic === b.italic &&
      a.underline === b.underline && a.inverse === b.inverse &&
      a.strike === b.strike && sameColor(a.color, b.color) &&
      sameColor(a.background, b.background);
}

function sameColor(a: Color | undefined, b: Color | undefined): boolean {
  return a === b ||
    typeof a === "object" && typeof b === "object" &&
      a.every((value, at) => value === b[at]);
}

function basicColor(code: number): Partial<Style> {
  if (code >= 30 && code <= 37) return { color: code - 30 };
  if (code >= 90 && code <= 97) return { color: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 100 + 8 };
  return {};
}

/** The colour of `5;n` or `2;r;g;b` at a place, and how many codes it takes. */
function extendedColor(
  codes: readonly number[],
  at: number,
): [Color | null, number] {
  const isByte = (value: number) => value >= 0 && value <= 255;
  if (codes[at] === 5) {
    const index = codes[at + 1];
    return [isByte(index) ? index : null, 2];
  }
  if (codes[at] === 2) {
    const [red, green, blue] = codes.slice(at + 1, at + 4);
    const known = [red, green, blue].every(isByte);
    return [known ? [red, green, blue] : null, 4];
  }
  return [null, 1];
}
