/**
 * The anywidget module of an offer: see `offers.ts`. It has no views. It finds
 * out which of the kernel's models this page lacks, gets and makes them.
 */

import type { AnyModel, InitializeProps } from "anywidget/types";
import type { JsonObject } from "../protocol.ts";
import { Channel } from "./channel.ts";
import { thisPage, type WidgetManager } from "./page.ts";
import { redrawErrors } from "./redraw.ts";

/** The part of JupyterLab's widget manager with which it, too, makes models. */
interface ModelMaker extends WidgetManager {
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

function isModelMaker(manager: unknown): manager is ModelMaker {
  const { has_model, _create_comm, new_model } = manager as Partial<ModelMaker>;
  return [has_model, _create_comm, new_model].every((member) =>
    typeof member === "function"
  );
}

/** Makes a model that the kernel has, unless the page has it. */
async function adopt(
  manager: ModelMaker,
  id: string,
  state: JsonObject,
): Promise<void> {
  const { adopted } = thisPage();
  // Two offers may be answered at the same time.
  if (manager.has_model(id) || adopted.has(id)) return;
  adopted.add(id);
  const comm = await manager._create_comm("jupyter.widget", id);
  await manager.new_model({
    model_name: state._model_name,
    model_module: state._model_module,
    model_module_version: state._model_module_version,
    model_id: id,
    comm,
  }, state);
}

function initialize({ model }: InitializeProps): void {
  const manager: unknown = model.widget_manager;
  if (!isModelMaker(manager)) return;
  model.on("msg:custom", async ({ states }) => {
    const all = Object.entries<JsonObject>(states);
    await Promise.all(all.map(([id, state]) => adopt(manager, id, state)));
    if (all.length === 0) return;
    // The outputs wait for the end of a timeout of 4 s, though all is there.
    if (!manager.restoredStatus) manager.restored?.emit?.(undefined);
    else redrawErrors(manager, all.map(([id]) => id));
  });
  claim(model, manager);
}

function claim(model: AnyModel, manager: ModelMaker): void {
  const { id: page } = thisPage();
  const models: string[] = model.get("models");
  const missing = models.filter((id) => !manager.has_model(id));
  const known: string[] | null = model.get("known");
  if (missing.length === 0 && known?.includes(page) !== false) return;
  const offer: string = model.get("offer");
  Channel.of(manager).send(() => ({ method: "claim", page, offer, missing }))
    .catch(() => {});
}

export default { initialize };
