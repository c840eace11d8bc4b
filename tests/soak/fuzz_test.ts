import { fuzz, fuzzTargets } from "../fuzz.ts";

for (const target of await fuzzTargets()) {
  Deno.test(`${target.name} handles a million random inputs`, () => {
    fuzz(target, 1_000_000);
  });
}
