/** Bundles the front end into frontend/dist, the same bytes wherever it runs. */

import { fromFileUrl, join } from "@std/path";

const FRONTEND = fromFileUrl(new URL("../frontend", import.meta.url));

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
  const { js, css } = await bundle(Deno.execPath());
  const dist = join(FRONTEND, "dist");
  await Deno.mkdir(dist, { recursive: true });
  await Deno.writeTextFile(join(dist, "widget.js"), js);
  await Deno.writeTextFile(join(dist, "widget.css"), css);
}
