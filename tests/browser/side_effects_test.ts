/** `tests/soak/` checks the requests of Notebook 7, too. */
import { hasNoSideEffects } from "./support/side_effects.ts";

for (const app of ["lab", "notebook"] as const) {
  Deno.test(
    `A widget in ${app} has no side effects on its notebook`,
    (t) => hasNoSideEffects(t, app, { checksRequests: app === "lab" }),
  );
}
