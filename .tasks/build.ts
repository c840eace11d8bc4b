/** Bundles the code of the page, reproducibly. */

import { ensureDir } from "@std/fs";
import { basename, dirname, extname, join } from "@std/path";
import { ROOT, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

/** Folders of the bundles by entry point. */
const ENTRIES: Record<string, string> = {
  "frontend/widget.tsx": "frontend/dist",
  "frontend/widget.css": "frontend/dist",
  "jupyter/page/widget_module.ts": "jupyter/dist",
  "jupyter/page/restore_module.ts": "jupyter/dist",
};

/**
 * Bundles all entry points.
 *
 * @param deno The Deno to bundle with; another version may write other bytes.
 * @returns The text of each bundle by its path.
 * @throws {Error} If an entry point cannot be bundled.
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
    // A bundle contains the paths of its sources relative to this folder.
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
