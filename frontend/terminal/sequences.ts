// deno-lint-ignore-file no-control-regex -- they are what this is about.
/** Control characters and escape sequences (ECMA-48), told from text. */

/** A stretch of text, a control character, or a sequence. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  /** A control character, or an escape with the character that follows. */
  | { readonly kind: "control"; readonly code: string }
  /** A control sequence: its final character, and its parameters as text. */
  | { readonly kind: "csi"; readonly final: string; readonly params: string };

/** Whether a text holds any control character. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

const CONTROL = /[\0-\x1f\x7f-\x9f]/;

// The 8-bit controls (C1) print nothing, but mean nothing either: in a log they
// are what is left of text in another encoding, and must not swallow the rest.
// Each alternative takes what is unfinished, too: a sequence may be cut at the
// end of a line, and none of it is text.
const SEQUENCE = new RegExp(
  [
    /\x1b\[([0-?]*)([ -\/]*)([@-~]?)/, // a control sequence
    // An operating system command, a device control or another string.
    /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?/,
    /\x1b([ -\/]*)([0-~]?)/, // an escape sequence
    /[\0-\x1f\x7f-\x9f]/, // a control character
  ].map(({ source }) => source).join("|"),
  "g",
);

/** The tokens of a line, in order; what a terminal ignores is left out. */
export function* tokensOf(line: string): Generator<Token> {
  let at = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > at) yield textToken(line.slice(at, match.index));
    at = match.index + match[0].length;
    const token = controlToken(match);
    if (token) yield token;
  }
  if (at < line.length) yield textToken(line.slice(at));
}

function textToken(text: string): Token {
  return { kind: "text", text };
}

function controlToken(match: RegExpMatchArray): Token | null {
  const [all, params, middle, final, escapeMiddle, escaped] = match;
  if (final !== undefined) {
    const known = final !== "" && middle === "";
    return known ? { kind: "csi", final, params } : null;
  }
  if (escaped !== undefined) {
    const known = escaped !== "" && escapeMiddle === "";
    return known ? { kind: "control", code: `\x1b${escaped}` } : null;
  }
  return all.length === 1 ? { kind: "control", code: all } : null;
}
