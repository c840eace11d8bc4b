import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { TempProcessDir } from "../process_dir.ts";
import { BarePage } from "./support/bare_page.ts";
import { Lab } from "./support/lab.ts";

/** Number of updates that are merged into one. */
const MERGED = 3;

/** Merges updates as a host does that only keeps the latest value of a trait. */
const COALESCE = `
const { broadcast } = Deno.jupyter;
let held = [];
Deno.jupyter.broadcast = (type, content, ...rest) => {
  if (content.data?.method !== "update") return broadcast(type, content, ...rest);
  held.push(content.data.state);
  if (held.length < ${MERGED}) return Promise.resolve();
  const state = Object.assign({}, ...held);
  held = [];
  const data = { ...content.data, state };
  return broadcast(type, { ...content, data }, ...rest);
};
const registry = globalThis[Symbol.for("deno.anywidget.registry")];
const { receive } = registry;
let resyncs = 0;
registry.receive = (message) => {
  if (JSON.parse(atob(message)).resync) resyncs++;
  return receive.call(registry, message);
};
setTimeout(() => Deno.jupyter.broadcast = broadcast, 4000);
undefined`;

/** Numbers of the lines that a view shows, top down. */
function numbersIn(lines: readonly string[]): number[] {
  return lines.map((line) => Number(line.split(" ")[1]));
}

Deno.test("A view repairs what it misses where updates are coalesced", async () => {
  await using process = await TempProcessDir.start(
    "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.02; done",
  );
  await using lab = await Lab.start();
  const options = JSON.stringify({ interval: 100, lines: 40 });
  await using notebook = await lab.open(
    `import { processWidget } from ${JSON.stringify(join(ROOT, "mod.ts"))};
processWidget(${JSON.stringify(process.path)}, ${options})`,
    COALESCE,
    'console.log("resyncs:", resyncs)',
  );
  await notebook.run(0);
  const widget = notebook.widget();
  await until(async () => await widget.lines().count() === 40);
  await notebook.run(1);

  const seen = async () => numbersIn(await widget.lines().allInnerTexts());
  const isContiguous = (numbers: number[]) =>
    numbers.every((number, at) => number === numbers[0] + at);
  const counts = new Set<number>();
  const end = performance.now() + 4000;
  while (performance.now() < end) {
    const numbers = await seen();
    assert(isContiguous(numbers), `lines ${numbers}`);
    counts.add(numbers.length);
  }
  assert(Math.min(...counts) < 40, "updates were missed");
  await until(async () => await widget.lines().count() === 40);
  assert(isContiguous(await seen()));
  await notebook.run(2);
  const output = notebook.page.getByText(/^resyncs: \d/);
  await output.waitFor();
  const resyncs = Number((await output.innerText()).split(" ")[1]);
  // Requests at 0, 1 and 3 s, while 13 updates were sent.
  assert(resyncs >= 2 && resyncs <= 4, `${resyncs} requests`);
  assertEquals(notebook.record.errors, []);
});

Deno.test("A view without a kernel shows only lines that it is certain of", async () => {
  const lines = (first: number, end: number) =>
    Array.from({ length: end - first }, (_, i) => `line ${first + i}`);
  await using bare = await BarePage.open({
    stdout_first: 0,
    stdout_lines: lines(0, 40),
    stdout_lines_patch: { sequence: 9, start: 90, items: lines(90, 95) },
  });
  const seen = async () => await bare.widget.lines().allInnerTexts();
  assertEquals(await seen(), lines(90, 95));
  // The patch of number 10 is lost.
  await bare.receive({
    stdout_first: 60,
    stdout_lines_patch: { sequence: 11, start: 97, items: lines(97, 99) },
  });
  assertEquals(await seen(), lines(97, 99));
  await bare.receive({
    stdout_first: 61,
    stdout_lines_patch: { sequence: 12, start: 99, items: lines(99, 100) },
  });
  assertEquals(await seen(), lines(97, 100));
  await bare.receive({
    stdout_first: 70,
    stdout_lines: lines(70, 101),
    stdout_lines_patch: { sequence: 13, start: 101, items: [], whole: true },
  });
  assertEquals(await seen(), lines(70, 101));
  assertEquals(bare.errors, []);
});
