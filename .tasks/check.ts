import { join } from "@std/path";
import { bundleAll } from "./build.ts";
import { type Counts, report } from "./deno_test.ts";
import { findBadImports } from "./imports.ts";
import { ROOT, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

/** What is checked, each with a function that returns what is wrong. */
const CHECKS: Record<string, () => Promise<string>> = {
  "format": () => deno("fmt", "--check"),
  "lint": () => deno("lint"),
  "types": () => deno("check"),
  "imports": listBadImports,
  "documentation": () => deno("doc", "--lint", "mod.ts", "jupyter/mod.ts"),
  "bundles": listOutdatedBundles,
  "publishing": tryToPublish,
};

/** Runs every check, and prints which of them fail. */
export async function runChecks(): Promise<Counts> {
  await ensurePython();
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const all = Object.entries(CHECKS).map(([what, check]) =>
    [what, check().catch((error) => `${error.message}\n`)] as const
  );
  for (const [what, result] of all) {
    const wrong = await result;
    if (wrong) counts.failed++;
    else counts.passed++;
    console.log(`${wrong}check ${what} ... ${wrong ? "FAILED" : "ok"}`);
  }
  return counts;
}

/** Returns what Deno prints if it fails. */
async function deno(...args: string[]): Promise<string> {
  // The pinned Deno: another version may format and bundle differently.
  const command = new Deno.Command(venvProgram("deno"), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return success ? "" : text.decode(stdout) + text.decode(stderr) + "\n";
}

async function listBadImports(): Promise<string> {
  const imports = await findBadImports(ROOT, venvProgram("deno"));
  return imports.map((sentence) => `${sentence}\n`).join("");
}

async function listOutdatedBundles(): Promise<string> {
  let outdated = "";
  for (const [path, text] of await bundleAll(venvProgram("deno"))) {
    if (await Deno.readTextFile(path) === text) continue;
    outdated += `${path} is out of date: run 'deno task build'\n`;
  }
  return outdated;
}

/** Returns why JSR would not accept the package, or that it has no changelog. */
async function tryToPublish(): Promise<string> {
  const read = (file: string) => Deno.readTextFile(join(ROOT, file));
  const { version } = JSON.parse(await read("deno.json"));
  // A date may follow the number.
  const heading = new RegExp(`^## ${RegExp.escape(version)}( |$)`, "m");
  const isListed = heading.test(await read("CHANGELOG.md"));
  const missing = isListed
    ? ""
    : `CHANGELOG.md has no section '## ${version}': add it\n`;
  const dryRun = ["--quiet", "--dry-run", "--allow-dirty"];
  return missing + await deno("publish", ...dryRun);
}

if (import.meta.main) {
  await task(async () => {
    const counts = await runChecks();
    report(counts);
    return counts.failed > 0 ? 1 : 0;
  });
}
