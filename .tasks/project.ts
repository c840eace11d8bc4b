import { fromFileUrl, join } from "@std/path";

/** The folder of the project. */
export const ROOT: string = fromFileUrl(new URL("..", import.meta.url));

/** The Python environment with JupyterLab and the Deno of the kernel. */
export const VENV: string = join(ROOT, ".venv");

const BIN = join(VENV, Deno.build.os === "windows" ? "Scripts" : "bin");
const EXE = Deno.build.os === "windows" ? ".exe" : "";

/** Returns the path of a program of the Python environment. */
export function venvProgram(name: string): string {
  return join(BIN, name + EXE);
}

/** The folder of the environment's programs. */
export const VENV_BIN: string = BIN;

/** A task cannot continue; the message says what its user can do. */
export class TaskError extends Error {
  override name = "TaskError";
}

/** Prints what a slow step is doing. */
export function progress(message: string): void {
  console.error(`\x1b[2m·\x1b[0m ${message}`);
}

/** Runs a task and exits; of a {@linkcode TaskError} it prints only the message. */
export async function task(body: () => Promise<number | void>): Promise<void> {
  try {
    Deno.exit(await body() ?? 0);
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** The folder to run in. Default: the project's. */
  cwd?: string;
  /** Variables to add to the environment. */
  env?: Record<string, string>;
}

/** Runs a program with its output on the terminal; returns its exit code. */
export async function run(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<number> {
  const { code } = await new Deno.Command(program, {
    args,
    cwd: options.cwd ?? ROOT,
    env: options.env,
    stdin: "null",
  }).spawn().status;
  return code;
}

/**
 * Runs a program and returns its standard output.
 *
 * @throws {TaskError} If the program fails; quotes its output.
 */
export async function capture(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const output = await new Deno.Command(program, {
    args,
    cwd: options.cwd ?? ROOT,
    env: options.env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const stdout = new TextDecoder().decode(output.stdout);
  if (output.success) return stdout;
  const stderr = new TextDecoder().decode(output.stderr);
  const command = [program, ...args].join(" ");
  throw new TaskError(
    `Cannot continue as '${command}' exited with code ${output.code}:\n${stdout}${stderr}`,
  );
}
