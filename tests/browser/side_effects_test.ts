/** `tests/soak/` repeats it in Notebook 7. */
import { hasNoSideEffects } from "./support/side_effects.ts";

Deno.test(
  "A widget in lab has no side effects on its notebook",
  (t) => hasNoSideEffects(t, "lab", { checksRequests: true }),
);
