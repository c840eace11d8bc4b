/** Bundles the front end into frontend/dist, the same bytes wherever it runs. */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

const FRONTEND = join(ROOT, "frontend");

/** The folder of the bundle. */
export const DIST: string = join(FRONTEND, "dist");

/** The two files of the front end, as text. */
export interface Bundle {
  readonly js: string;
  readonly css: string;
}

/**
 * Bundles the front end.
 *
 * @param deno The Deno to bundle with. Another version may write other bytes.
 * @throws {Error} If it cannot be bundled.
 */
export async function bundle(deno: string): Promise<Bundle> {
  const [js, css] = await Promise.all([
    bundleFile(deno, "widget.tsx"),
    bundleFile(deno, "widget.css"),
  ]);
  return { js, css };
}

async function bundleFile(deno: string, file: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: ["bundle", "--platform", "browser", "--minify", file],
    cwd: FRONTEND,
  }).output();
  if (!success) {
    const reason = new TextDecoder().decode(stderr);
    throw new Error(`Cannot bundle frontend/${file}:\n${reason}`);
  }
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  await task(async () => {
    await ensurePython();
    const { js, css } = await bundle(venvProgram("deno"));
    await ensureDir(DIST);
    await Deno.writeTextFile(join(DIST, "widget.js"), js);
    await Deno.writeTextFile(join(DIST, "widget.css"), css);
  });
}
