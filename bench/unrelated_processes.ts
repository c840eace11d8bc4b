import type { Figure } from "./harness/figure.ts";
import { coreUsage, Processes, withWidgets } from "./harness/fleet.ts";
import { Sleepers } from "./harness/sleepers.ts";
import { installStandInKernel } from "./harness/stand_in_kernel.ts";
import { median } from "./harness/statistics.ts";

const ROUNDS = 3;

/** 100 widgets on a machine with 1000 processes that nobody watches. */
export const unrelatedProcesses: Figure = {
  name: "unrelated-processes",
  async measure() {
    installStandInKernel();
    await using processes = await Processes.start(100);
    const [without, beside]: number[][] = [[], []];
    await withWidgets(processes, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        without.push(await coreUsage());
        await using _unrelated = await Sleepers.start(1000);
        beside.push(await coreUsage());
      }
    });
    return [{
      figure: "100 widgets beside 1000 unrelated processes; floor: without",
      unit: "% of a core",
      floor: median(without),
      ours: median(beside),
      limit: 1.3,
    }];
  },
};
