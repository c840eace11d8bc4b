import { join } from "@std/path";
import { bundleAll } from "./build.ts";
import { type Counts, report } from "./deno_test.ts";
import { findBadImports } from "./imports.ts";
import { ROOT, run, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

/** What is checked, each with whether it is fine. */
const CHECKS: Record<string, () => Promise<boolean>> = {
  "format": () => deno("fmt", "--check"),
  "lint": () => deno("lint"),
  "types": () => deno("check"),
  "imports": importsAreClean,
  "documentation": () => deno("doc", "--lint", "mod.ts", "jupyter/mod.ts"),
  "bundles": bundlesAreCurrent,
  "publishing": canPublish,
};

/** Runs every check, and prints which of them fail. */
export async function runChecks(): Promise<Counts> {
  await ensurePython();
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [what, check] of Object.entries(CHECKS)) {
    const passed = await check();
    if (passed) counts.passed++;
    else counts.failed++;
    console.log(`check ${what} ... ${passed ? "ok" : "FAILED"}`);
  }
  return counts;
}

// The pinned Deno: another version may format and bundle differently.
async function deno(...args: string[]): Promise<boolean> {
  const env = { NO_COLOR: "1" };
  return await run(venvProgram("deno"), args, { env }) === 0;
}

async function importsAreClean(): Promise<boolean> {
  const imports = await findBadImports(ROOT, venvProgram("deno"));
  for (const sentence of imports) console.log(sentence);
  return imports.length === 0;
}

async function bundlesAreCurrent(): Promise<boolean> {
  let current = true;
  for (const [path, text] of await bundleAll(venvProgram("deno"))) {
    if (await Deno.readTextFile(path) === text) continue;
    console.log(`${path} is out of date: run 'deno task build'`);
    current = false;
  }
  return current;
}

/** Returns whether JSR would accept the package, with a changelog. */
async function canPublish(): Promise<boolean> {
  const read = (file: string) => Deno.readTextFile(join(ROOT, file));
  const { version } = JSON.parse(await read("deno.json"));
  // A date may follow the number.
  const heading = new RegExp(`^## ${RegExp.escape(version)}( |$)`, "m");
  const isListed = heading.test(await read("CHANGELOG.md"));
  if (!isListed) {
    console.log(`CHANGELOG.md has no section '## ${version}': add it`);
  }
  const dryRun = ["--quiet", "--dry-run", "--allow-dirty"];
  return await deno("publish", ...dryRun) && isListed;
}

if (import.meta.main) {
  await task(async () => {
    const counts = await runChecks();
    report(counts);
    return counts.failed > 0 ? 1 : 0;
  });
}
