/**
 * All uses of private or undocumented parts of JupyterLab and its widget manager:
 * members, events and DOM classes. Each comment names the package and version in
 * which the part was found, and what happens if it is missing, as it may be in
 * another host or version. Nothing here throws then.
 */

import type { AnyModel } from "anywidget/types";
import type { JsonObject } from "../protocol.ts";
import type { Kernel, KernelOutput, WidgetManager } from "./page.ts";

/**
 * A pending request, as stored in `KernelConnection._futures`.
 *
 * From `@jupyterlab/services` 7.6.6, `kernel/default.ts` and `kernel/future.ts`.
 * If it is missing, output of a cell that arrives late is not shown.
 */
interface PendingRequest {
  readonly msg: {
    readonly header: { readonly msg_id: string; readonly msg_type: string };
    readonly content: { readonly silent?: boolean };
  };
  readonly done?: Promise<unknown>;
  handleMsg?(message: unknown): Promise<void>;
}

function pendingRequests(kernel: Kernel): Map<string, PendingRequest> {
  const { _futures } = kernel as { _futures?: unknown };
  return _futures instanceof Map ? _futures : new Map();
}

/** Returns the requests of cells that may still get output, the latest last. */
export function cellRequests(kernel: Kernel): PendingRequest[] {
  return [...pendingRequests(kernel).values()].filter(({ msg }) =>
    msg?.header?.msg_type === "execute_request" && !msg.content?.silent
  );
}

/** Delivers a message to a request as if it were a reply to it. */
export function deliverOutput(
  kernel: Kernel,
  requestId: string,
  message: KernelOutput,
): void {
  const request = pendingRequests(kernel).get(requestId);
  if (typeof request?.handleMsg !== "function") return;
  const parent_header = request.msg.header;
  attempt(() => request.handleMsg?.({ ...message, parent_header }));
}

/**
 * Calls `listener` when the widget manager disconnects a model, as it does when
 * the kernel restarts.
 *
 * The event `comm_live_update` is from `@jupyter-widgets/base` 6.0.12,
 * `widget.ts`. If it is missing, the end of the kernel is detected by its status
 * or by the error of the next request.
 */
export function onDisconnect(model: AnyModel, listener: () => void): void {
  model.on("comm_live_update", listener);
}

/**
 * The members with which the widget manager itself creates models.
 *
 * From `@jupyter-widgets/base-manager` 1.0.13, `manager-base.ts` (`has_model` and
 * `new_model` are public, `_create_comm` is protected), and, for the signal that
 * all models were restored, `@jupyter-widgets/jupyterlab-manager` 5.0.16,
 * `manager.ts` (which alone is meant to emit it). If a member is missing, a
 * reloaded page shows a widget again when its cell is run; if only the signal is
 * missing, after the manager's timeout of 4 s.
 */
interface ModelCreator extends WidgetManager {
  has_model(id: string): boolean;
  _create_comm(target: string, id: string): Promise<unknown>;
  new_model(
    options: {
      model_name: unknown;
      model_module: unknown;
      model_module_version: unknown;
      model_id: string;
      comm: unknown;
    },
    state: JsonObject,
  ): Promise<unknown>;
  readonly restoredStatus?: boolean;
  readonly restored?: { emit?(args: undefined): void };
}

/** Returns whether models can be created with this widget manager. */
export function canCreateModels(manager: unknown): manager is ModelCreator {
  const { has_model, _create_comm, new_model } = manager as Partial<
    ModelCreator
  >;
  return [has_model, _create_comm, new_model].every((member) =>
    typeof member === "function"
  );
}

/** Creates a model with the id and state that it has in the kernel. */
export async function createModel(
  manager: ModelCreator,
  id: string,
  state: JsonObject,
): Promise<void> {
  const comm = await manager._create_comm("jupyter.widget", id);
  await manager.new_model({
    model_name: state._model_name,
    model_module: state._model_module,
    model_module_version: state._model_module_version,
    model_id: id,
    comm,
  }, state);
}

/** Renders the outputs that show these models, after they were created. */
export function renderOutputs(
  manager: ModelCreator,
  ids: readonly string[],
): void {
  // Until the manager counts as restored, outputs wait for its signal. Outputs of
  // JupyterLab that found no model afterwards show an error for good; those of
  // Voila are drawn before, and go on waiting.
  attempt(() => {
    const cells = (manager as NotebookContext).context?.model?.cells;
    if (manager.restoredStatus && cells) redrawErrors(manager, ids);
    else manager.restored?.emit?.(undefined);
  });
}

/**
 * The members that lead from the widget manager to the outputs of a notebook.
 *
 * From `@jupyter-widgets/jupyterlab-manager` 5.0.16, `manager.ts` (`context`),
 * `@jupyterlab/notebook` 4.6.6 (`INotebookModel.cells`), `@jupyterlab/cells` 4.6.6
 * (`ICodeCellModel.outputs`) and `@jupyterlab/outputarea` 4.6.6
 * (`IOutputAreaModel`). If one is missing, an error stays until the cell runs
 * again.
 */
interface NotebookContext {
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

/** Redraws the outputs of cells that show an error in place of these models. */
function redrawErrors(manager: unknown, ids: readonly string[]): void {
  const notebook = (manager as NotebookContext).context?.model;
  if (!notebook?.cells) return;
  const failed = new Set<Outputs>();
  for (const index of cellsWithErrors()) {
    const { outputs } = notebook.cells.get(index) ?? {};
    if (outputs && containsView(outputs, ids)) failed.add(outputs);
  }
  // Redrawing marks the notebook as modified, although its content is the same.
  const { dirty } = notebook;
  for (const outputs of failed) outputs.fromJSON(outputs.toJSON());
  notebook.dirty = dirty;
}

/**
 * Returns the indices of cells with an output that is marked as a widget but
 * contains only text: an error.
 *
 * The classes are from `@jupyterlab/outputarea` 4.6.6, `widget.ts`
 * (`jp-OutputArea-output`), and `@jupyter-widgets/jupyterlab-manager` 5.0.16,
 * `renderer.ts` (`jupyter-widgets`), the attribute from
 * `@jupyterlab/ui-components` 4.6.6, `windowedlist.ts`.
 */
function cellsWithErrors(): number[] {
  return [...document.querySelectorAll(".jp-OutputArea-output.jupyter-widgets")]
    .filter((output) => output.childElementCount === 0)
    .map((output) => output.closest<HTMLElement>("[data-windowed-list-index]"))
    .flatMap((cell) => cell ? Number(cell.dataset.windowedListIndex) : []);
}

function containsView(outputs: Outputs, ids: readonly string[]): boolean {
  return outputs.toJSON().some(({ data }) => {
    const view = data?.[VIEW] as { model_id?: string } | undefined;
    return ids.includes(view?.model_id ?? "");
  });
}

/** Runs code that depends on private members; an error is only logged. */
async function attempt(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.warn("[deno] Cannot use a private part of JupyterLab:", error);
  }
}
