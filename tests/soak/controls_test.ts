import { controlsAct } from "../browser/support/controls.ts";

Deno.test(
  "The controls of a handle act on its process in notebook",
  (t) => controlsAct(t, "notebook"),
);
