/** `tests/soak/` has many more reloads, also in Notebook 7, and checks for leaks. */
import { survivesReloads } from "./support/reloads.ts";

Deno.test("Widgets in lab survive 3 reloads", async () => {
  await survivesReloads("lab", { rounds: 3, losesLastMessage: true });
});
