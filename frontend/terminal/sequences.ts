// deno-lint-ignore-file no-control-regex -- this file parses them.
/** Splits terminal output into text, control characters and escape sequences (ECMA-48). */

/** A part of a line. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  /** A control character, or ESC and the character that follows. */
  | { readonly kind: "control"; readonly code: string }
  /** A control sequence with its final character and its parameters. */
  | { readonly kind: "csi"; readonly final: string; readonly params: string };

/** Returns whether a text contains control characters. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

const CONTROL = /[\0-\x1f\x7f-\x9f]/;

// 8-bit (C1) controls are dropped without being interpreted: in a log they are
// most likely text in another encoding, and must not swallow what follows.
// Each alternative also matches an incomplete sequence, which the end of a line
// may have cut off.
const SEQUENCE = new RegExp(
  [
    /\x1b\[([0-?]*)([ -\/]*)([@-~]?)/, // a control sequence
    // An operating system command, device control or other string.
    /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?/,
    /\x1b([ -\/]*)([0-~]?)/, // an escape sequence
    /[\0-\x1f\x7f-\x9f]/, // a control character
  ].map(({ source }) => source).join("|"),
  "g",
);

/** Yields the tokens of a line, without the sequences that a terminal ignores. */
export function* tokensOf(line: string): Generator<Token> {
  let end = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > end) yield textToken(line.slice(end, match.index));
    end = match.index + match[0].length;
    const token = controlToken(match);
    if (token) yield token;
  }
  if (end < line.length) yield textToken(line.slice(end));
}

function textToken(text: string): Token {
  return { kind: "text", text };
}

function controlToken(match: RegExpMatchArray): Token | null {
  const [all, params, middle, final, escapeMiddle, escaped] = match;
  if (final !== undefined) {
    const supported = final !== "" && middle === "";
    return supported ? { kind: "csi", final, params } : null;
  }
  if (escaped !== undefined) {
    const supported = escaped !== "" && escapeMiddle === "";
    return supported ? { kind: "control", code: `\x1b${escaped}` } : null;
  }
  return all.length === 1 ? { kind: "control", code: all } : null;
}
