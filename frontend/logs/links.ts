/** Addresses in a text that are safe to open. */

/** A stretch of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Only what goes over http or https, and ends before what cannot be meant. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\\^{|}]+/gi;
const TRAILING = /[.,:;!?*_~]+$/;

/** The addresses in a text. */
export function linksIn(text: string): Stretch[] {
  if (!text.includes("://")) return [];
  const links: Stretch[] = [];
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(match);
    if (!URL.canParse(address)) continue;
    links.push({ start: index, end: index + address.length });
  }
  return links;
}

/** Without the punctuation of the sentence around it. */
function trimmed(address: string): string {
  let text = address.replace(TRAILING, "");
  for (const [open, close] of ["()", "[]"]) {
    while (
      text.endsWith(close) && count(text, open) < count(text, close)
    ) text = text.slice(0, -1).replace(TRAILING, "");
  }
  return text;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
