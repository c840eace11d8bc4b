/**
 * Runs tests on the newest Deno, JupyterLab and anywidget, in a copy of the
 * project: `test_latest.ts [group …] [file …] [options of deno test]`.
 */

import { ensureDir } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { writeAll } from "./deno_test.ts";
import {
  capture,
  progress,
  ROOT,
  run,
  task,
  TaskError,
  venvProgram,
} from "./project.ts";
import { parseArguments } from "./test.ts";

/** The groups to run by default: all but the checks and the long tests. */
const DEFAULT = ["unit", "files", "kernel", "browser"];

/** What a run of tests has printed, without colors. */
export interface TestRun {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Returns a line for each failed test: its file, its name and the first line of
 * its error. If the run has failed but no test has, the line gives the reason.
 */
export function findBreaks(
  group: string,
  { success, stdout, stderr }: TestRun,
): string[] {
  if (success) return [];
  const errors = stdout.matchAll(
    /^(.+) (?:=> (.+):\d+:\d+|\(uncaught error\))\nerror: (.*)$/gm,
  );
  const breaks = Array.from(
    errors,
    ([, name, file, error]) =>
      [...file ? [file] : [], name, error].join(": ").replace(/^\.\//, ""),
  );
  if (breaks.length > 0) return breaks;
  const reason = /^TS\d+ \[ERROR\]: .*|^error: (?!Test failed).*/m.exec(stderr);
  return [`${group}: ${reason?.[0] ?? "the tests have not run to their end"}`];
}

/**
 * Copies the project's files into `folder`, with requirements that accept any
 * version.
 */
async function copyProject(folder: string): Promise<void> {
  const options = ["-z", "--cached", "--others", "--exclude-standard"];
  const listed = await capture("git", ["ls-files", ...options]);
  for (const file of listed.split("\0").slice(0, -1)) {
    const target = join(folder, file);
    await ensureDir(dirname(target));
    try {
      await Deno.copyFile(join(ROOT, file), target);
    } catch (error) {
      // Git lists a file that was deleted until that is committed.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const requirements = join(folder, "requirements.txt");
  const pinned = await Deno.readTextFile(requirements);
  await Deno.writeTextFile(requirements, pinned.replaceAll(/==.*/g, ""));
}

/** Returns the installed version of each requirement, as in "deno 2.9.6". */
async function readVersions(folder: string, python: string): Promise<string> {
  const requirements = await Deno.readTextFile(
    join(folder, "requirements.txt"),
  );
  const names: string[] = requirements.match(/^\w.*$/gm) ?? [];
  const options = ["--format", "json", "--disable-pip-version-check"];
  const list = await capture(python, ["-m", "pip", "list", ...options]);
  const packages: { name: string; version: string }[] = JSON.parse(list);
  return packages.filter(({ name }) => names.includes(name))
    .map(({ name, version }) => `${name} ${version}`).join(", ");
}

/** Runs a program with its output on the terminal, and returns the output. */
async function record(
  program: string,
  args: string[],
  cwd: string,
): Promise<TestRun> {
  const child = new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr, { success }] = await Promise.all([
    tee(child.stdout, Deno.stdout),
    tee(child.stderr, Deno.stderr),
    child.status,
  ]);
  return { success, stdout, stderr };
}

async function tee(
  source: AsyncIterable<Uint8Array>,
  terminal: typeof Deno.stdout | typeof Deno.stderr,
): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of source) {
    await writeAll(terminal, chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

if (import.meta.main) {
  await task(async () => {
    const { groups, args } = parseArguments(Deno.args, DEFAULT);
    const folder = await Deno.makeTempDir({ prefix: "latest-" });
    // Tests also start processes of other users there.
    await Deno.chmod(folder, 0o755);
    let interrupted = false;
    // Ctrl-C ends the tests, but this program still has to remove the copy.
    Deno.addSignalListener("SIGINT", () => interrupted = true);
    try {
      progress("Installing the newest versions (a minute) …");
      await copyProject(folder);
      const install = ["run", "-A", ".tasks/python.ts"];
      if (await run(Deno.execPath(), install, { cwd: folder }) !== 0) {
        throw new TaskError("Cannot test as the installation failed");
      }
      const program = (name: string) =>
        join(folder, relative(ROOT, venvProgram(name)));
      const versions = await readVersions(folder, program("python"));
      const breaks: string[] = [];
      for (const group of groups) {
        if (interrupted) break;
        const test = ["run", "-A", ".tasks/test.ts", group, ...args];
        const run = await record(program("deno"), test, folder);
        breaks.push(...findBreaks(group, run));
      }
      console.log(`\nTested with ${versions}`);
      for (const line of breaks) console.log(`BREAK ${line}`);
      if (breaks.length === 0) console.log("Nothing breaks");
      return breaks.length > 0 ? 1 : 0;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
