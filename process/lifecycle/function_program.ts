/** A function of the notebook as a program of its own. */
import { isDeepStrictEqual } from "node:util";
import { join } from "@std/path";
import { freeVariables } from "./free_variables.ts";
import type { Prepare } from "./create.ts";
import { ReasonError } from "../files/reading.ts";
import { writeAtomically } from "../files/atomic_write.ts";

/** The file that holds the function alone, so that nothing hides its names. */
const FUNCTION_FILE = "function.mjs";
const ARGUMENTS_FILE = "arguments.json";
const MAIN_FILE = "main.mjs";

/**
 * The program: it calls the function, and reports its health every 5 s, by
 * files written whole. A function that throws fails the process.
 */
const MAIN = `\
import fn from "./${FUNCTION_FILE}";

const HEALTH_FILE = import.meta.dirname + "/health.json";
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
    Deno.writeTextFileSync(HEALTH_FILE + ".new", JSON.stringify(health));
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
 * The source of a function that can run on its own.
 *
 * @throws {TypeError} If it is none: no function, a class, a generator, or one
 * whose source cannot be had.
 */
export function sourceOf(fn: unknown): string {
  if (typeof fn !== "function") {
    throw refusal(`${Deno.inspect(fn, { depth: 0 })} is not a function`);
  }
  const source = fn.toString();
  const name = fn.name ? `'${fn.name}'` : "the function";
  if (/^class\b/.test(source)) {
    throw refusal(`${name} is a class: pass a function that uses it`);
  }
  if (/\{\s*\[native code\]\s*\}$/.test(source)) {
    throw refusal(
      `${name} is built in or bound, and has no source: wrap it in a function, as in () => work()`,
    );
  }
  if (/GeneratorFunction$/.test(fn.constructor.name)) {
    throw refusal(
      `${name} is a generator, of which a call does nothing: pass a function that goes through it`,
    );
  }
  return source;
}

/**
 * Returns the arguments, if they are JSON.
 *
 * @throws {TypeError} If one of them would not arrive as it is.
 */
export function checkArguments(args: unknown): readonly unknown[] {
  if (!Array.isArray(args)) {
    throw refusal(
      `'args' must be a list: current value is ${Deno.inspect(args)}`,
    );
  }
  args.forEach((arg, at) => {
    if (!isJson(arg)) {
      throw refusal(
        `argument ${at + 1} is not JSON: ${Deno.inspect(arg, { depth: 1 })}`,
      );
    }
  });
  return args;
}

/**
 * What makes a function and its arguments the program of a process.
 *
 * @returns What writes the program into a process directory, and throws
 * `ReasonError` if the function uses a variable of the notebook, which the message
 * names, or is a method.
 * @throws {TypeError} As {@linkcode sourceOf} and {@linkcode checkArguments} do.
 */
export function prepareFunction(fn: unknown, args: unknown): Prepare {
  const source = sourceOf(fn);
  const checked = checkArguments(args);
  return (dir) => writeFunction(dir, source, checked);
}

/**
 * Writes the program into a process directory.
 *
 * @returns The command that runs it.
 * @throws {ReasonError} If the function uses a variable of the notebook, which the
 * message names, or is a method.
 */
async function writeFunction(
  dir: string,
  source: string,
  args: readonly unknown[],
): Promise<string[]> {
  const file = join(dir, FUNCTION_FILE);
  await writeAtomically(file, `export default (\n${source}\n);\n`);
  const free = await freeVariables(file).catch(() => {
    throw new ReasonError(
      "its source does not stand alone, as that of a method does not: wrap it in a function, as in () => work()",
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
  await writeAtomically(join(dir, ARGUMENTS_FILE), JSON.stringify(args));
  const main = join(dir, MAIN_FILE);
  await writeAtomically(main, MAIN);
  return [Deno.execPath(), "run", "--quiet", "--no-lock", "-A", main];
}

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

function refusal(reason: string): TypeError {
  return new TypeError(`Cannot run a function as ${reason}`);
}
