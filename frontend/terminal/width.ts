/** How many columns characters take in a terminal. */

/** A character with what combines with it, as a terminal puts it into a cell. */
export interface Glyph {
  readonly text: string;
  readonly columns: 1 | 2;
}

const PRINTABLE_ASCII = /^[ -~]*$/;
const COMBINES = /^[\p{Mn}\p{Me}\p{Cf}\u{1f3fb}-\u{1f3ff}]/u;
const JOINER = "\u200d";

/** Emoji, and the blocks of East Asian wide and fullwidth characters. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]/u;

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
      const columns = WIDE.test(character) ? 2 : 1;
      glyphs.push({ text: character, columns });
    }
    joined = character === JOINER;
  }
  return glyphs;
}
