import { readSections } from "../readme/blocks.ts";
import { Reader } from "../readme/reader.ts";
import { has, printed, runSection } from "../readme/section.ts";
import { Cluster, testSlurm } from "./support/cluster.ts";

const SECTION = "On a cluster";

testSlurm("The section on clusters of README.md runs on one", async () => {
  await using _cluster = await Cluster.start();
  await using reader = await Reader.start({});
  const install = "deno jupyter --install\n";
  await reader.follow({ language: "sh", file: null, code: install });
  const sections = await readSections();
  await runSection(reader, SECTION, sections.get(SECTION)!, [
    async (kernel) => {
      await has(kernel, "training", { status: "running", node: "n1" });
      await printed(kernel, "training", /^step 1$/);
    },
    (kernel) => has(kernel, "training", { exit_reason: "terminated" }),
  ]);
});
