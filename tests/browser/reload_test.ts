/** `tests/soak/` has many more reloads, under load, and checks for leaks. */
import { survivesReloads } from "./support/reloads.ts";

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`Widgets in ${app} survive 3 reloads`, async () => {
    const losesLastMessage = app === "notebook";
    await survivesReloads(app, { rounds: 3, losesLastMessage });
  });
}
