/** Reads the texts of the form that creates a process. */

/** Matches what ends or joins words: blanks, quoted parts, escapes, plain text. */
const PART =
  /(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|\\(?<escaped>[^])|(?<plain>[^\s'"\\]+)/y;

/**
 * Splits a command line into words as a POSIX shell does: at blanks, outside of
 * quotes. Nothing is expanded, and no shell is involved.
 *
 * @throws {TypeError} If a quote is not closed, or the last character is a
 * backslash.
 */
export function splitCommandLine(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length;) {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) throw unfinished(text.slice(at));
    at = PART.lastIndex;
    const { blank, single, double, escaped, plain } = part.groups!;
    if (blank === undefined) {
      // Between double quotes, a backslash only escapes these four and line ends.
      const inDouble = double?.replace(
        /\\(?:([$`"\\])|\n)/g,
        (_, kept = "") => kept,
      );
      word = (word ?? "") +
        (single ?? inDouble ?? plain ?? (escaped === "\n" ? "" : escaped));
    } else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

function unfinished(rest: string): TypeError {
  return new TypeError(
    rest === "\\"
      ? "Cannot split the command line as it ends with a backslash: remove or double it"
      : `Cannot split the command line as a quote is not closed: close it after ${
        rest.slice(0, 40)
      }`,
  );
}

/**
 * Parses environment variables, one `NAME=value` per line. Blank lines are
 * ignored.
 *
 * @throws {TypeError} If a line has no name or no "=".
 */
export function parseVariables(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  return Object.fromEntries(lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [, name, value] = /^\s*([^=\s\0]+)=([^\0]*)$/.exec(line) ?? [];
    if (name !== undefined) return [[name, value]];
    throw new TypeError(
      `Cannot read line ${
        index + 1
      } of the environment as it does not set a variable: write it as NAME=value`,
    );
  }));
}
