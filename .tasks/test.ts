import { ensureBrowser } from "./browser.ts";
import { runChecks } from "./check.ts";
import { add, type Counts, denoTest, report } from "./deno_test.ts";
import { ensurePython } from "./python.ts";
import { task, TaskError } from "./project.ts";

const GROUPS = ["check", "unit", "files", "kernel", "browser"];

/** What `deno test` is told for each group; "unit" runs as a person would. */
const DENO_TEST: Record<string, string[]> = {
  unit: [],
  files: ["-A", "--v8-flags=--expose-gc", "tests/files/"],
  kernel: ["-A", "tests/kernel/"],
  browser: ["-A", "tests/browser/"],
};

if (import.meta.main) {
  await task(async () => {
    const groups = Deno.args.length > 0 ? Deno.args : GROUPS;
    const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
    for (const group of groups) add(counts, await runGroup(group));
    report(counts);
    return counts.failed > 0 ? 1 : 0;
  });
}

async function runGroup(group: string): Promise<Counts> {
  if (group === "check") return await runChecks();
  const args = DENO_TEST[group];
  if (!args) {
    throw new TaskError(
      `Cannot run the tests '${group}': the groups are ${GROUPS.join(", ")}`,
    );
  }
  console.log(`\n${group}`);
  const env: Record<string, string> = {};
  // The file tests have psutil for a witness.
  if (group !== "unit") await ensurePython();
  if (group === "browser") env.CHROMIUM = await ensureBrowser();
  return await denoTest(args, env);
}
