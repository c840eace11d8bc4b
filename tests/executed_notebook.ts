/** Notebooks that a program executes without a browser. */
import { join } from "@std/path";
import { capture, ROOT, VENV_BIN, venvProgram } from "../.tasks/project.ts";
import { type NotebookFile, toNotebook } from "./notebook_file.ts";

/** A program that executes notebooks. */
export type Executor = "nbclient" | "nbconvert" | "papermill";

/** The command of an executor that replaces a notebook file by its result. */
const COMMANDS: Record<Executor, (file: string) => readonly string[]> = {
  nbclient: (file) => ["jupyter-execute", "--inplace", file],
  nbconvert: (file) => [
    "jupyter-nbconvert",
    "--execute",
    "--to=notebook",
    "--inplace",
    file,
  ],
  papermill: (file) => ["papermill", "--no-progress-bar", file, file],
};

/** Executes a notebook with these cells; `mod.ts` is there as `pw`. */
export async function executeNotebook(
  executor: Executor,
  cells: readonly string[],
): Promise<NotebookFile> {
  // Below the project, so that the kernel finds its deno.json.
  const dir = join(ROOT, "tests");
  const folder = await Deno.makeTempDir({ dir, prefix: "run-" });
  try {
    const file = join(folder, "notebook.ipynb");
    const mod = JSON.stringify(join(ROOT, "mod.ts"));
    const notebook = toNotebook([
      `var pw = await import(${mod}); undefined`,
      ...cells,
    ]);
    await Deno.writeTextFile(file, JSON.stringify(notebook));
    const [program, ...args] = COMMANDS[executor](file);
    await capture(venvProgram(program), args, {
      cwd: folder,
      env: {
        PATH: `${VENV_BIN}:${Deno.env.get("PATH")}`,
        JUPYTER_PREFER_ENV_PATH: "1",
        JUPYTER_CONFIG_DIR: join(folder, "config"),
        JUPYTER_DATA_DIR: join(folder, "data"),
        JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      },
    });
    const { cells: [_, ...executed] } = JSON.parse(
      await Deno.readTextFile(file),
    );
    return { cells: executed };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
