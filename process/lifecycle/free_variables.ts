import { ReasonError } from "../files/reading.ts";

/** The output of `deno lint --json`. */
interface LintReport {
  readonly diagnostics: readonly { code: string; message: string }[];
  readonly errors: readonly { message: string }[];
}

let globals: Promise<ReadonlySet<string>> | null = null;

/**
 * Finds the names that a module uses but neither declares nor gets from Deno.
 * Operands of `typeof` do not count.
 *
 * Scopes are resolved by Deno's own linter with its rule `no-undef`, as it
 * parses the language the way Deno does.
 *
 * @param path The path of the module.
 * @throws {ReasonError} If the module cannot be parsed.
 */
export async function findFreeVariables(path: string): Promise<string[]> {
  const output = await runDeno([
    "lint",
    "--no-config",
    "--rules-tags=",
    "--rules-include=no-undef",
    "--json",
    path,
  ]);
  const { diagnostics, errors }: LintReport = JSON.parse(output);
  if (errors.length > 0) throw new ReasonError(errors[0].message);
  const known = await (globals ??= readGlobals());
  const names = diagnostics.flatMap(({ code, message }) => {
    const name = /^(.+) is not defined$/.exec(message)?.[1];
    return code === "no-undef" && name && !known.has(name) ? name : [];
  });
  return [...new Set(names)];
}

/**
 * Lists the globals of a new Deno program. Those of this one would not do, as a
 * notebook adds its variables to `globalThis`.
 */
async function readGlobals(): Promise<ReadonlySet<string>> {
  const code =
    "console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))";
  return new Set(JSON.parse(await runDeno(["eval", "--no-config", code])));
}

async function runDeno(args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
