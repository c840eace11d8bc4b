/** Measures how the kernel finds and sends the changes of a long log. */
import { Comm } from "../jupyter/comm.ts";
import { Outbox } from "../jupyter/outbox.ts";
import { TraitStore } from "../jupyter/trait_store.ts";

const LINES = 10_000;
const log = Array.from({ length: 2 * LINES }, (_, i) => `line ${i} of a log`);
const windows = Array.from(
  { length: 50 },
  (_, i) => ({ first: 100 * i, lines: log.slice(100 * i, 100 * i + LINES) }),
);
const sliding = { lines: "first" } as const;

let tick = 0;
Deno.bench(`100 new lines of ${LINES}: traits`, (b) => {
  const traits = new TraitStore(windows[tick++ % 49], { sliding });
  const { first, lines } = windows[tick % 50];
  const next = { first, lines: [...lines] };
  b.start();
  traits.update(next);
  b.end();
});

Deno.bench(`100 new lines of ${LINES}: patch`, (b) => {
  const traits = new TraitStore(windows[tick++ % 49], { sliding });
  const comm = new Comm("bench");
  const outbox = new Outbox({ comm, traits, sliding });
  comm.open({});
  traits.update(windows[tick % 49 + 1]);
  b.start();
  outbox.flush();
  b.end();
});

const traits = new TraitStore(windows[0], { sliding });
Deno.bench(`${LINES} unchanged lines: traits`, () => {
  traits.update(windows[0]);
});
