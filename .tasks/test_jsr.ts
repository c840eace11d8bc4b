import { join } from "@std/path";
import { add, denoTest, report } from "./deno_test.ts";
import { ROOT, task } from "./project.ts";

/** A file of a package that the stand-ins replace. */
const PROBE = "https://jsr.io/@std/path/meta.json";

async function isReachable(): Promise<boolean> {
  try {
    const response = await fetch(PROBE, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

await task(async () => {
  if (!await isReachable()) {
    console.log("Skipped: JSR cannot be reached from this network.");
    return;
  }
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  delete config.links;
  // In the same folder, because its paths are relative.
  const file = join(ROOT, `.jsr-${Deno.pid}.json`);
  await Deno.writeTextFile(file, JSON.stringify(config));
  try {
    const options = ["--config", file, "--no-lock"];
    const counts = await denoTest(options);
    add(
      counts,
      await denoTest([
        ...options,
        "-A",
        "--v8-flags=--expose-gc",
        "tests/files/",
      ]),
    );
    report(counts);
    return counts.failed > 0 ? 1 : 0;
  } finally {
    await Deno.remove(file);
  }
});
