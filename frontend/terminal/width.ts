/** How many columns characters take in a terminal. */

/** A character with what combines with it, as a terminal puts it into a cell. */
export interface Glyph {
  readonly text: string;
  readonly columns: 1 | 2;
}

const PRINTABLE_ASCII = /^[ -~]*$/;
const COMBINES = /^[\p{Mn}\p{Me}\p{Cf}\u{1f3fb}-\u{1f3ff}]/u;
const JOINER = "\u200d";

/** East Asian wide and fullwidth characters, and emoji, as ranges of code points. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f0cf, 0x1f0cf],
  [0x1f18e, 0x1f18e],
  [0x1f191, 0x1f19a],
  [0x1f1e6, 0x1f202],
  [0x1f210, 0x1f23b],
  [0x1f240, 0x1f248],
  [0x1f250, 0x1f251],
  [0x1f260, 0x1f265],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f90c, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Whether each character of a text takes one column, whatever the font. */
export function isSimple(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/** How many columns a text without control characters takes. */
export function columnsOf(text: string): number {
  if (isSimple(text)) return text.length;
  return glyphsOf(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** A text without control characters, cell by cell. */
export function glyphsOf(text: string): Glyph[] {
  const glyphs: Glyph[] = [];
  let joined = false;
  for (const character of text) {
    const last = glyphs.at(-1);
    if (last && (joined || COMBINES.test(character))) {
      glyphs[glyphs.length - 1] = { ...last, text: last.text + character };
    } else {
      const columns = isWide(character.codePointAt(0)!) ? 2 : 1;
      glyphs.push({ text: character, columns });
    }
    joined = character === JOINER;
  }
  return glyphs;
}

function isWide(codePoint: number): boolean {
  if (codePoint < WIDE[0][0]) return false;
  let low = 0;
  let high = WIDE.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (WIDE[middle][1] < codePoint) low = middle + 1;
    else high = middle;
  }
  return codePoint >= WIDE[low][0] && codePoint <= WIDE[low][1];
}
