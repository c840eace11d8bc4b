/** Many more reloads, of a machine under load, are in `tests/soak/`. */
import { survivesReloads } from "./support/reloads.ts";

for (const app of ["lab", "notebook"] as const) {
  Deno.test(`Widgets in ${app} survive 3 reloads`, async () => {
    await survivesReloads(app, 3);
  });
}
