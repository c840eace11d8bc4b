import { hasNoSideEffects } from "../browser/support/side_effects.ts";

Deno.test(
  "A widget in notebook has no side effects on its notebook",
  (t) => hasNoSideEffects(t, "notebook", { checksRequests: true }),
);
