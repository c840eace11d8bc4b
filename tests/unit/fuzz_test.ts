import { fuzz, fuzzTargets } from "../fuzz.ts";

for (const target of await fuzzTargets()) {
  Deno.test(`${target.name} handles 20,000 random inputs`, () => {
    fuzz(target, 20_000);
  });
}
