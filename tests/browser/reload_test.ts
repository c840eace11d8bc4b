import { survivesReloads } from "./support/reloads.ts";

Deno.test("Widgets in lab survive 3 reloads", async () => {
  await survivesReloads("lab", { rounds: 3, losesLastMessage: true });
});
