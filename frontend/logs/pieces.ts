/** A row cut where its style, a link or a match begins or ends. */

import { type Row, stretchesOf } from "../terminal/row.ts";
import type { Style } from "../terminal/style.ts";
import { linksIn, type Stretch } from "./links.ts";

/** A piece of a row that is drawn alike. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
  /** The address that it is part of. */
  readonly link: string | null;
  /** Which match it is part of, counted in the row; -1 for none. */
  readonly match: number;
}

/** The pieces of a row. */
export function piecesOf(row: Row, matches: readonly Stretch[]): Piece[] {
  const links = linksIn(row.text);
  const styles = stretchesOf(row.text, row.runs);
  const cuts = new Set<number>();
  for (const { start, end } of [...styles, ...links, ...matches]) {
    cuts.add(start).add(end);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const styleAt = finder(styles);
  const linkAt = finder(links);
  const matchAt = finder(matches);
  return edges.slice(0, -1).map((start, at) => {
    const link = links[linkAt(start)];
    return {
      text: row.text.slice(start, edges[at + 1]),
      style: styles[styleAt(start)].style,
      link: link ? row.text.slice(link.start, link.end) : null,
      match: matchAt(start),
    };
  });
}

/**
 * Finds which of some stretches covers a place; -1 for none. Both the stretches
 * and the places that are asked for come in order, so that a row of thousands
 * of stretches takes one pass.
 */
function finder(stretches: readonly Stretch[]): (place: number) => number {
  let at = 0;
  return (place) => {
    while (at < stretches.length && stretches[at].end <= place) at++;
    return at < stretches.length && stretches[at].start <= place ? at : -1;
  };
}
