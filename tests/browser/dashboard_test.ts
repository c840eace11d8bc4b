/** `tests/soak/` has the same in Notebook 7. */
import { dashboardActs } from "./support/dashboard.ts";

Deno.test(
  "A dashboard starts, shows and ends processes in lab",
  (t) => dashboardActs(t, "lab"),
);
