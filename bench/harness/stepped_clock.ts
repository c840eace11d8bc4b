/**
 * Lets time pass at once: polls that follow each other without a pause then see
 * what they would see once per second.
 */
let offset = 0;

const { now } = Date;
const monotonic = performance.now.bind(performance);

/** Replaces the clocks of this program by ones that {@linkcode advance} moves. */
export function installSteppedClock(): void {
  Date.now = () => Math.floor(now() + offset);
  performance.now = () => monotonic() + offset;
}

/** Moves both clocks forward. */
export function advance(ms: number): void {
  offset += ms;
}
