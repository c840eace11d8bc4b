/** Splits a row into pieces wherever a style, a link or a search match begins or ends. */

import { type Row, styledRuns } from "../terminal/row.ts";
import type { Style } from "../terminal/style.ts";

/** A part of a text, from `start` up to but excluding `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a row that is drawn uniformly. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
  /** The URL of the link that it belongs to, or null. */
  readonly link: string | null;
  /** Index of the match that it belongs to, or -1. */
  readonly match: number;
}

/** Returns the pieces of a row. */
export function piecesOf(row: Row, matches: readonly Span[]): Piece[] {
  const links = linksIn(row.text);
  const runs = styledRuns(row.text, row.runs);
  const cuts = new Set<number>();
  for (const { start, end } of [...runs, ...links, ...matches]) {
    cuts.add(start).add(end);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const runAt = finder(runs);
  const linkAt = finder(links);
  const matchAt = finder(matches);
  return edges.slice(0, -1).map((start, index) => {
    const link = links[linkAt(start)];
    return {
      text: row.text.slice(start, edges[index + 1]),
      style: runs[runAt(start)].style,
      link: link ? row.text.slice(link.start, link.end) : null,
      match: matchAt(start),
    };
  });
}

/**
 * Returns a function that finds the index of the span at a place, or -1. Spans
 * are sorted and places must not decrease, so that a row with thousands of
 * spans takes a single pass.
 */
function finder(spans: readonly Span[]): (place: number) => number {
  let index = 0;
  return (place) => {
    while (index < spans.length && spans[index].end <= place) index++;
    return index < spans.length && spans[index].start <= place ? index : -1;
  };
}

/** Matches http and https only: other schemes are not safe to open. */
const URL_PATTERN = /\bhttps?:\/\/[^\s<>"'`\\^{|}]+/gi;
const PUNCTUATION = ".,:;!?*_~";
const OPENING: Record<string, string> = { ")": "(", "]": "[" };

/** Finds the URLs in a text. */
export function linksIn(text: string): Span[] {
  if (!text.includes("://")) return [];
  const links: Span[] = [];
  for (const { 0: match, index } of text.matchAll(URL_PATTERN)) {
    const url = trimPunctuation(match);
    if (!URL.canParse(url)) continue;
    links.push({ start: index, end: index + url.length });
  }
  return links;
}

/**
 * Removes trailing punctuation that belongs to the surrounding sentence: also a
 * closing bracket that is not opened within the URL. Takes one pass.
 */
function trimPunctuation(url: string): string {
  const counts: Record<string, number> = { "(": 0, "[": 0 };
  for (const one of url) counts[one] = (counts[one] ?? 0) + 1;
  let end = url.length;
  const isTrimmed = (last: string) =>
    PUNCTUATION.includes(last) || counts[last]-- > counts[OPENING[last]];
  // Ends at the "//" of the URL at the latest.
  while (isTrimmed(url[end - 1])) end--;
  return url.slice(0, end);
}
