/**
 * The anywidget module of a probe, see `restore.ts` of the kernel. It reports
 * which of the kernel's models this page is missing, and creates them.
 */

import type { AnyModel, InitializeProps } from "anywidget/types";
import type { JsonObject } from "../protocol.ts";
import { Channel } from "./channel.ts";
import { canCreateModels, createModel, renderOutputs } from "./jupyterlab.ts";
import { thisPage } from "./page.ts";

function initialize({ model }: InitializeProps): void {
  const manager: unknown = model.widget_manager;
  if (!canCreateModels(manager)) return;

  const create = async (id: string, state: JsonObject) => {
    const { restored } = thisPage();
    // Another probe may restore the same model at the same time.
    if (manager.has_model(id) || restored.has(id)) return;
    restored.add(id);
    await createModel(manager, id, state);
  };
  const createAll = async (states: Record<string, JsonObject>) => {
    const all = Object.entries(states);
    await Promise.all(all.map(([id, state]) => create(id, state)));
    if (all.length > 0) renderOutputs(manager, all.map(([id]) => id));
  };
  model.on("msg:custom", ({ states }) => createAll(states));

  const offered: Record<string, JsonObject> = model.get("offered");
  if (Object.keys(offered).length > 0) return void createAll(offered);

  const models: string[] = model.get("models");
  const missing = models.filter((id) => !manager.has_model(id));
  if (missing.length > 0 || !isQuiet(model)) {
    const { id: page } = thisPage();
    const probe: string = model.get("probe");
    const answer = { method: "restore", page, probe, missing } as const;
    // A failure needs no handling: the kernel sends another probe.
    Channel.of(manager).send(() => answer).catch(() => {});
  }
}

/** Returns whether this page answers only if a model is missing. */
function isQuiet(model: AnyModel): boolean {
  const quietPages: string[] | null = model.get("quiet_pages");
  return quietPages?.includes(thisPage().id) ?? false;
}

export default { initialize };
