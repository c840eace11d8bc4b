/** Turns a function of the notebook into a program that runs by itself. */
import { isDeepStrictEqual } from "node:util";
import { basename } from "@std/path";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { writeAtomically } from "../files/atomic_write.ts";
import { ReasonError } from "../files/reading.ts";
import type { Prepare } from "./create.ts";
import { findFreeVariables } from "./free_variables.ts";

/** Holds the function and nothing else, so that no name is shadowed. */
const FUNCTION_FILE = "function.mjs";
const ARGUMENTS_FILE = "arguments.json";
const MAIN_FILE = "main.mjs";

/**
 * Returns the main module: it calls the function, and reports its health every
 * 5 s in a file that is replaced atomically. If the function throws, the process
 * fails.
 */
const mainModule = (healthFile: string) =>
  `\
import fn from "./${FUNCTION_FILE}";

const HEALTH_FILE = import.meta.dirname + "/${basename(healthFile)}";
const started = performance.now();

function report(status, message) {
  const uptime = Math.round((performance.now() - started) / 1000);
  const health = {
    timestamp: new Date().toISOString(),
    status,
    ...(message === undefined ? {} : { message }),
    details: { uptime_seconds: uptime },
  };
  try {
    Deno.writeTextFileSync(HEALTH_FILE + ".new", JSON.stringify(health), {
      mode: 0o600,
    });
    Deno.renameSync(HEALTH_FILE + ".new", HEALTH_FILE);
  } catch (error) {
    console.error("Cannot report the health:", error);
  }
}

const args = JSON.parse(
  Deno.readTextFileSync(import.meta.dirname + "/${ARGUMENTS_FILE}"),
);
report("healthy");
const reports = setInterval(() => report("healthy"), 5000);
try {
  await fn(...args);
} catch (error) {
  console.error(error);
  report("failed", String(error));
  Deno.exit(1);
} finally {
  clearInterval(reports);
}
`;

/**
 * Returns the source of a function.
 *
 * @throws {TypeError} If it cannot run by itself: it is not a function, or it is
 * a class, a generator or native code.
 */
export function sourceOf(fn: unknown): string {
  if (typeof fn !== "function") {
    throw invalid(`${Deno.inspect(fn, { depth: 0 })} is not a function`);
  }
  const source = fn.toString();
  const name = fn.name ? `'${fn.name}'` : "the function";
  if (/^class\b/.test(source)) {
    throw invalid(`${name} is a class: pass a function that uses it`);
  }
  if (/\{\s*\[native code\]\s*\}$/.test(source)) {
    throw invalid(
      `${name} is built in or bound, and has no source: wrap it in a function, as in () => work()`,
    );
  }
  if (/GeneratorFunction$/.test(fn.constructor.name)) {
    throw invalid(
      `${name} is a generator, which does nothing when called: pass a function that iterates over it`,
    );
  }
  return source;
}

/**
 * Returns valid arguments unchanged.
 *
 * @throws {TypeError} If they are not a list of JSON values.
 */
export function checkArguments(args: unknown): readonly unknown[] {
  if (!Array.isArray(args)) {
    throw invalid(
      `'args' must be a list: current value is ${Deno.inspect(args)}`,
    );
  }
  args.forEach((arg, at) => {
    if (!isJson(arg)) {
      throw invalid(
        `argument ${at + 1} is not JSON: ${Deno.inspect(arg, { depth: 1 })}`,
      );
    }
  });
  return args;
}

/**
 * Prepares a function and its arguments as the program of a process.
 *
 * @returns Writes the program into a process directory; throws `ReasonError` if
 * the function is a method or uses a variable of the notebook, which the message
 * names.
 * @throws {TypeError} If the function cannot run by itself, or an argument is
 * not JSON.
 */
export function prepareFunction(fn: unknown, args: unknown): Prepare {
  const source = sourceOf(fn);
  const checked = checkArguments(args);
  return (directory) => writeProgram(directory, source, checked);
}

/** Writes the program into a process directory; returns the command that runs it. */
async function writeProgram(
  directory: ProcessDirectory,
  source: string,
  args: readonly unknown[],
): Promise<string[]> {
  const file = directory.file(FUNCTION_FILE);
  await writeAtomically(file, `export default (\n${source}\n);\n`);
  const free = await findFreeVariables(file).catch(() => {
    throw new ReasonError(
      "its source is not complete by itself, as that of a method: wrap it in a function, as in () => work()",
    );
  });
  if (free.length > 0) {
    const names = free.map((name) => `'${name}'`).join(", ");
    throw new ReasonError(
      `it uses ${names} of the notebook, which the new process does not have: pass ${
        free.length === 1 ? "it" : "them"
      } in 'args', or define ${
        free.length === 1 ? "it" : "them"
      } inside the function`,
    );
  }
  await writeAtomically(directory.file(ARGUMENTS_FILE), JSON.stringify(args));
  const main = directory.file(MAIN_FILE);
  await writeAtomically(main, mainModule(directory.healthFile));
  return [Deno.execPath(), "run", "--quiet", "--no-lock", "-A", main];
}

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

function invalid(reason: string): TypeError {
  return new TypeError(`Cannot run a function as ${reason}`);
}
