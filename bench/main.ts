/**
 * Measures what must be fast, and prints a table:
 * `deno task bench [--check] [--profile] [name …]`.
 *
 * With `--check` it exits with 1 if a row exceeds its limit. With `--profile` it
 * prints instead where the thread of the widgets spends its time, without floors.
 */
import { join } from "@std/path";
import { progress, ROOT, task, TaskError } from "../.tasks/project.ts";
import { ensureBrowser } from "../.tasks/browser.ts";
import { ensurePython } from "../.tasks/python.ts";
import { FIGURES } from "./figures.ts";
import type { Figure, Row } from "./harness/figure.ts";
import { topFunctions } from "./harness/profile.ts";
import { PROFILING } from "./harness/profiling.ts";
import { describeExcess, formatTable } from "./harness/table.ts";

const PROGRAM = join(ROOT, "bench", "harness", "program.ts");

/** Measures a figure in a separate program, so that none warms up another. */
async function measure(
  { name, needs = [] }: Figure,
  profile: boolean,
): Promise<Row[]> {
  if (needs.includes("python")) await ensurePython();
  if (needs.includes("browser")) await ensureBrowser();
  progress(`Measuring ${name} …`);
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  try {
    const rows = join(folder, "rows.json");
    const flags = profile ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : [];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--v8-flags=--expose-gc",
        ...flags,
        PROGRAM,
        name,
        rows,
      ],
      cwd: ROOT,
      env: profile ? { [PROFILING]: "1" } : {},
      stdin: "null",
      // Of what the libraries print, only errors matter.
      stdout: "null",
    }).spawn().status;
    if (!success) {
      throw new TaskError(`Cannot measure '${name}' as its program failed`);
    }
    if (profile) printProfile(name, folder);
    return JSON.parse(await Deno.readTextFile(rows));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function printProfile(name: string, folder: string): void {
  for (const { name: file } of Deno.readDirSync(folder)) {
    if (!file.endsWith(".cpuprofile")) continue;
    const profile = JSON.parse(Deno.readTextFileSync(join(folder, file)));
    console.log(`\n${name}\n${topFunctions(profile).join("\n")}`);
  }
}

/** @throws {TaskError} If there is no figure of one of these names. */
function figuresNamed(names: readonly string[]): readonly Figure[] {
  const known = FIGURES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TaskError(
      `Cannot measure '${unknown}' as there is no such figure: name some of ${
        known.join(", ")
      }`,
    );
  }
  return names.length === 0
    ? FIGURES
    : FIGURES.filter(({ name }) => names.includes(name));
}

await task(async () => {
  const names = Deno.args.filter((arg) => !arg.startsWith("--"));
  const profile = Deno.args.includes("--profile");
  const rows: Row[] = [];
  for (const figure of figuresNamed(names)) {
    rows.push(...await measure(figure, profile));
  }
  // A profiler slows down what it measures.
  if (profile) return 0;
  console.log(formatTable(rows));
  if (!Deno.args.includes("--check")) return 0;
  const excess = describeExcess(rows);
  for (const line of excess) console.error(line);
  return excess.length === 0 ? 0 : 1;
});
