/** How far a window over the end of a log has moved. */

/**
 * Counts the lines at the start of `before` that are no longer in `after`, both
 * being the last lines of one log: the fewest that explain how one became the
 * other. The last line of `before` may have grown meanwhile, as it may have had
 * no line end. When the two have nothing in common, all of `before` is dropped.
 *
 * Takes time proportional to the number of lines.
 */
export function droppedLines(
  before: readonly string[],
  after: readonly string[],
): number {
  if (before.length === 0) return 0;
  const tail = before.length - 1;
  const borders = bordersOf(after);
  // Knuth, Morris and Pratt: `kept` lines that end at the tail, and start `after`.
  let kept = 0;
  for (const line of before.slice(0, tail)) {
    while (kept > 0 && after[kept] !== line) kept = borders[kept - 1];
    if (after[kept] === line) kept++;
  }
  while (!after[kept]?.startsWith(before[tail])) {
    if (kept === 0) return before.length;
    kept = borders[kept - 1];
  }
  return tail - kept;
}

/** For each start of `lines`, how long its longest proper start is that also ends it. */
function bordersOf(lines: readonly string[]): number[] {
  const borders = lines.length > 0 ? [0] : [];
  for (let end = 1, border = 0; end < lines.length; end++) {
    while (border > 0 && lines[border] !== lines[end]) {
      border = borders[border - 1];
    }
    if (lines[border] === lines[end]) border++;
    borders.push(border);
  }
  return borders;
}
