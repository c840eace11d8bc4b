import { dashboardActs } from "../browser/support/dashboard.ts";

Deno.test(
  "A dashboard starts, shows and ends processes in notebook",
  (t) => dashboardActs(t, "notebook"),
);
