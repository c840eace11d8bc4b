import { ROOT } from "./project.ts";

/** Number of tests by outcome. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Receives the output of a run of tests. */
export type Write = (chunk: Uint8Array) => Promise<void>;

/** Writes to the terminal. */
export const toTerminal: Write = (chunk) => writeAll(Deno.stdout, chunk);

/** Runs `deno test`, passes its output on, and counts its tests. */
export async function denoTest(
  args: string[],
  env: Record<string, string> = {},
  write = toTerminal,
): Promise<Counts> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...args],
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let output = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await write(chunk);
    output += decoder.decode(chunk, { stream: true });
  }
  const { success } = await child.status;
  const counts = countResults(output);
  // A crash or an error outside of a test fails the run, but no test.
  if (!success && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Parses the summary line of `deno test`. */
function countResults(output: string): Counts {
  const count = (what: string) => {
    const matches = [...output.matchAll(
      new RegExp(`^(?:ok|FAILED) \\| .*?(\\d+) ${what}`, "gm"),
    )];
    return Number(matches.at(-1)?.[1] ?? 0);
  };
  return {
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("ignored"),
  };
}

/** Adds `counts` to `total`. */
export function add(total: Counts, counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

/** Prints the last line of a run. */
export function report({ passed, failed, skipped }: Counts): void {
  const end = skipped > 0 ? `, ${skipped} skipped` : "";
  console.log(`\n${passed} passed, ${failed} failed${end}`);
}

/** Writes all bytes to the terminal. */
export async function writeAll(
  terminal: typeof Deno.stdout | typeof Deno.stderr,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await terminal.write(bytes.subarray(at));
  }
}
