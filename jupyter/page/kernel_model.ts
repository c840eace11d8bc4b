import type { AnyModel } from "anywidget/types";
import type { Uplink } from "./uplink.ts";

/**
 * The model as a view knows it, only that `save_changes` and `send` arrive in a
 * kernel that drops comm messages. Where there is no way to the kernel they do
 * what they always did.
 */
export function linkedModel(model: AnyModel, uplink: Uplink): AnyModel {
  let changes: Record<string, unknown> = {};
  return {
    ...model,
    set(trait: string | Record<string, unknown>, value?: unknown) {
      const state = typeof trait === "string" ? { [trait]: value } : trait;
      for (const [name, value] of Object.entries(state)) {
        uplink.changeHere(() => model.set(name, value));
        changes[name] = value;
      }
    },
    save_changes() {
      if (!uplink.available) return model.save_changes();
      const state = changes;
      changes = {};
      if (Object.keys(state).length > 0) report(uplink.update(state));
    },
    send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]) {
      if (!uplink.available) return model.send(content, callbacks, buffers);
      report(uplink.custom(content));
    },
  };
}

/** As anywidget's `save_changes` and `send` have no answer, a refusal is told
 * where authors look. */
function report(sent: Promise<void>): void {
  sent.catch((error) => console.warn(`[deno] ${error.message}`));
}
