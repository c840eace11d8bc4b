/** The names of processes, which are the names of their directories. */

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** The rule for names, in words. */
const RULE =
  "a name has 1 to 100 letters, digits, '.', '_' or '-', and does not start with a dot";

/** Whether a text can be the name of a process. */
export function isProcessName(name: unknown): name is string {
  return typeof name === "string" && NAME.test(name);
}

/**
 * Returns the name, if it is one. As it holds no separator and is not "." or
 * "..", it names an entry of the base folder and nothing outside.
 *
 * @throws {TypeError} If it is not; the message tells the rule.
 */
export function checkProcessName(name: unknown): string {
  if (isProcessName(name)) return name;
  throw new TypeError(
    `Cannot name a process ${Deno.inspect(name, { depth: 0 })} as ${RULE}`,
  );
}
