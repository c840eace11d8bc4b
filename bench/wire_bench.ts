/** Measures finding out how a long log has changed. */
import { patchBetween } from "../jupyter/sliding_list.ts";
import { Traits } from "../jupyter/trait_store.ts";

const LINES = 10_000;
const log = Array.from({ length: 2 * LINES }, (_, i) => `line ${i} of a log`);
const windows = Array.from(
  { length: 50 },
  (_, i) => Object.freeze(log.slice(100 * i, 100 * i + LINES)),
);

let tick = 0;
Deno.bench(`100 new lines of ${LINES}: traits`, (b) => {
  const traits = new Traits({ lines: windows[tick++ % 49] });
  const next = [...windows[tick % 50]];
  b.start();
  traits.update({ lines: next });
  b.end();
});

Deno.bench(`100 new lines of ${LINES}: patch`, () => {
  patchBetween(windows[tick % 49], windows[tick++ % 49 + 1]);
});

const traits = new Traits({ lines: windows[0] });
Deno.bench(`${LINES} unchanged lines: traits`, () => {
  traits.update({ lines: windows[0] });
});
