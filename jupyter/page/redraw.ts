import type { JsonObject } from "../protocol.ts";

/** The part of JupyterLab's widget manager that leads to a notebook's outputs. */
interface NotebookKeeper {
  readonly context?: {
    readonly model?: {
      dirty: boolean;
      readonly cells?: { get(index: number): { readonly outputs?: Outputs } };
    };
  };
}

interface Outputs {
  toJSON(): { readonly data?: JsonObject }[];
  fromJSON(outputs: unknown[]): void;
}

const VIEW = "application/vnd.jupyter.widget-view+json";

/**
 * Draws the cells again that show an error in place of one of these models:
 * who asks for a model before it is there gets an error, which would stay.
 */
export function redrawErrors(manager: unknown, ids: readonly string[]): void {
  const notebook = (manager as NotebookKeeper).context?.model;
  if (!notebook?.cells) return;
  const failed = new Set<Outputs>();
  for (const index of cellsWithErrors()) {
    const { outputs } = notebook.cells.get(index) ?? {};
    if (outputs && shows(outputs, ids)) failed.add(outputs);
  }
  // Nothing that is saved changes.
  const { dirty } = notebook;
  for (const outputs of failed) outputs.fromJSON(outputs.toJSON());
  notebook.dirty = dirty;
}

/** The positions of cells with outputs that are marked as those of widgets, but
 * hold nothing but text. */
function cellsWithErrors(): number[] {
  return [...document.querySelectorAll(".jp-OutputArea-output.jupyter-widgets")]
    .filter((output) => output.childElementCount === 0)
    .map((output) => output.closest<HTMLElement>("[data-windowed-list-index]"))
    .flatMap((cell) => cell ? Number(cell.dataset.windowedListIndex) : []);
}

function shows(outputs: Outputs, ids: readonly string[]): boolean {
  return outputs.toJSON().some(({ data }) => {
    const view = data?.[VIEW] as { model_id?: string } | undefined;
    return ids.includes(view?.model_id ?? "");
  });
}
