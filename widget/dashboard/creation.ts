import { checkProcessName } from "../../process/directory/base_folder.ts";
import { gated } from "../../process/files/gate.ts";
import { resolvePath } from "../../process/files/path.ts";
import { orNull } from "../../process/files/regular_file.ts";
import {
  type CreateOptions,
  resolveSpec,
} from "../../process/lifecycle/run_options.ts";
import { parseVariables, splitCommandLine } from "./command_line.ts";
import type { ProcessFolder } from "./source.ts";
import type { Creation, FormField, FormValues } from "./traits.ts";

const FIELDS: readonly FormField[] = ["name", "command", "cwd", "env", "ttl"];

/**
 * Returns what a view entered into the form.
 *
 * @throws {TypeError} If it is not a form with text in each field.
 */
export function checkForm(values: unknown): FormValues {
  const form = Object(values) as Record<string, unknown>;
  const missing = FIELDS.find((field) => typeof form[field] !== "string");
  if (missing === undefined) return form as FormValues;
  throw new TypeError(
    `Cannot create a process as '${missing}' must be a string: current value is ${
      Deno.inspect(form[missing], { depth: 0 })
    }`,
  );
}

/**
 * Creates and starts the process that a form describes. Never rejects.
 *
 * @returns What is wrong with which field; empty if it was started.
 */
export async function createFromForm(
  folder: ProcessFolder,
  values: FormValues,
): Promise<Creation["errors"]> {
  const errors: { [F in FormField | "form"]?: string } = {};
  const check = async <T>(
    field: FormField,
    read: () => T | Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      errors[field] = messageOf(error);
      return undefined;
    }
  };
  const name = values.name.trim();
  await check("name", () => checkName(folder, name));
  const cmd = await check("command", () => {
    const words = splitCommandLine(values.command);
    if (words.length === 0) {
      throw new TypeError(
        "Cannot run a process without a command: enter a program and its arguments",
      );
    }
    return resolveSpec({ name: "process", cmd: words }).cmd;
  });
  const cwd = await check("cwd", () => checkFolder(values.cwd.trim()));
  const env = await check("env", () => parseVariables(values.env));
  const ttlSeconds = await check("ttl", () => parseTtl(values.ttl.trim()));
  if (Object.keys(errors).length > 0) return errors;
  const options: CreateOptions = { name, cmd: cmd!, cwd, env, ttlSeconds };
  try {
    await folder.run(options);
    return {};
  } catch (error) {
    const message = messageOf(error);
    // The program is looked for only when it is started.
    const isProgram = message.includes(`'${cmd![0]}'`);
    return { [isProgram ? "command" : "form"]: message };
  }
}

async function checkName(folder: ProcessFolder, name: string): Promise<void> {
  if (!await folder.exists(checkProcessName(name))) return;
  throw new Error(
    `Cannot run '${name}' as there is a process of that name: choose another name, or remove it first`,
  );
}

async function checkFolder(path: string): Promise<string | undefined> {
  if (path === "") return undefined;
  const resolved = resolvePath(path, "the folder");
  const info = await orNull(gated(resolved, () => Deno.stat(resolved)));
  if (info?.isDirectory) return resolved;
  throw new Error(
    `Cannot use '${resolved}' as the folder as ${
      info === null
        ? "it does not exist: create it, or choose another one"
        : "it is not a folder: choose another one"
    }`,
  );
}

function parseTtl(text: string): number | undefined {
  if (text === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new RangeError(
    `Cannot limit the time to live to '${text}': give a number of seconds above 0, or nothing`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
