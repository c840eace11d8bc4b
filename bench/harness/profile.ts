/** Sums up the CPU profiles that V8 writes. */
import { ROOT } from "../../.tasks/project.ts";

/** A CPU profile in V8's format. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Time in a function, in µs: by itself, and with what it calls. */
interface Cost {
  self: number;
  total: number;
}

/** Returns the functions that take most time by themselves, as lines of text. */
export function topFunctions(profile: CpuProfile, count = 30): string[] {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of profile.nodes) {
    for (const child of children) parents.set(child, id);
  }
  const labels = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]),
  );
  const costs = new Map<string, Cost>();
  let all = 0;
  for (const [index, sample] of profile.samples.entries()) {
    const duration = profile.timeDeltas[index];
    const label = labels.get(sample)!;
    if (label === "(idle)") continue;
    all += duration;
    costOf(costs, label).self += duration;
    for (const caller of callersOf(sample, parents, labels)) {
      costOf(costs, caller).total += duration;
    }
  }
  const share = (time: number) => `${(100 * time / all).toFixed(1)} %`;
  const sorted = [...costs].toSorted(([, a], [, b]) => b.self - a.self);
  return [
    "    self    total  function",
    ...sorted.slice(0, count).map(([label, { self, total }]) =>
      `${share(self).padStart(8)} ${share(total).padStart(8)}  ${label}`
    ),
  ];
}

function callersOf(
  sample: number,
  parents: Map<number, number>,
  labels: Map<number, string>,
): Set<string> {
  const callers = new Set<string>();
  for (let at: number | undefined = sample; at; at = parents.get(at)) {
    callers.add(labels.get(at)!);
  }
  return callers;
}

function costOf(costs: Map<string, Cost>, label: string): Cost {
  const cost = costs.get(label) ?? { self: 0, total: 0 };
  costs.set(label, cost);
  return cost;
}

function labelOf(
  { functionName, url, lineNumber }: CpuProfile["nodes"][0]["callFrame"],
): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const path = url.replace(`file://${ROOT}`, "");
  return `${name} ${path}:${lineNumber + 1}`;
}
