/** Which names a module uses that nothing gives it. */
import { ReasonError } from "../files/reading.ts";

/** What `deno lint --json` prints. */
interface LintReport {
  readonly diagnostics: readonly { code: string; message: string }[];
  readonly errors: readonly { message: string }[];
}

let globals: Promise<ReadonlySet<string>> | null = null;

/**
 * The names that a module uses without declaring them and that a Deno program
 * does not have either. Names that are only asked after by `typeof` are none.
 *
 * The scopes are worked out by the linter that comes with Deno, with its rule
 * `no-undef`: it parses the language as Deno does.
 *
 * @param path Where the module is.
 * @throws {ReasonError} If the module cannot be parsed.
 */
export async function freeVariables(path: string): Promise<string[]> {
  const output = await deno([
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

/** What a program has from the start. A notebook adds its own to `globalThis`,
 * so this asks a Deno that has run nothing. */
async function readGlobals(): Promise<ReadonlySet<string>> {
  const code =
    "console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))";
  return new Set(JSON.parse(await deno(["eval", "--no-config", code])));
}

async function deno(args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
