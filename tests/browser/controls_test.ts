/** `tests/soak/` has the same in Notebook 7. */
import { controlsAct } from "./support/controls.ts";

Deno.test(
  "The controls of a handle act on its process in lab",
  (t) => controlsAct(t, "lab"),
);
