/** Bundles what runs in the page, the same bytes wherever it is bundled. */

import { ensureDir } from "@std/fs";
import { basename, dirname, extname, join } from "@std/path";
import { ROOT, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

/** The sources of the bundles, each with the folder that its bundle is in. */
const ENTRIES: Record<string, string> = {
  "frontend/widget.tsx": "frontend/dist",
  "frontend/widget.css": "frontend/dist",
  "jupyter/page/widget_module.ts": "jupyter/dist",
  "jupyter/page/restore_module.ts": "jupyter/dist",
};

/**
 * Bundles everything.
 *
 * @param deno The Deno to bundle with. Another version may write other bytes.
 * @returns The text of each bundle, by its path.
 * @throws {Error} If it cannot be bundled.
 */
export async function bundleAll(deno: string): Promise<Map<string, string>> {
  const bundles = await Promise.all(
    Object.entries(ENTRIES).map(async ([entry, folder]) =>
      [bundlePath(entry, folder), await bundle(deno, entry)] as const
    ),
  );
  return new Map(bundles);
}

function bundlePath(entry: string, folder: string): string {
  const extension = extname(entry);
  const name = basename(entry, extension);
  return join(ROOT, folder, name + (extension === ".css" ? ".css" : ".js"));
}

async function bundle(deno: string, entry: string): Promise<string> {
  const path = join(ROOT, entry);
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: ["bundle", "--platform", "browser", "--minify", basename(path)],
    // A bundle tells of the paths of its sources, seen from here.
    cwd: dirname(path),
  }).output();
  if (!success) {
    const reason = new TextDecoder().decode(stderr);
    throw new Error(`Cannot bundle ${entry}:\n${reason}`);
  }
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  await task(async () => {
    await ensurePython();
    for (const [path, text] of await bundleAll(venvProgram("deno"))) {
      await ensureDir(dirname(path));
      await Deno.writeTextFile(path, text);
    }
  });
}
