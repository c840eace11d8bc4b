import { exists } from "@std/fs";
import { join } from "@std/path";
import { capture, progress, VENV } from "./project.ts";

/**
 * Downloads an npm package into `.venv`, without its dependencies, unless it is
 * there already.
 *
 * @param name The name without a version, such as "requirejs".
 * @returns The folder of the package's files.
 */
export async function ensureNpmPackage(
  name: string,
  version: string,
): Promise<string> {
  const parent = join(VENV, "npm");
  const folder = join(parent, `${name.replaceAll("/", "+")}@${version}`);
  if (await exists(folder)) return folder;
  progress(`Downloading ${name} ${version} …`);
  await Deno.mkdir(parent, { recursive: true });
  const temp = await Deno.makeTempDir({ dir: parent });
  try {
    const pack = ["pack", `${name}@${version}`, "--silent"];
    const archive = (await capture("npm", pack, { cwd: temp })).trim();
    await capture("tar", ["-xzf", archive], { cwd: temp });
    await Deno.rename(join(temp, "package"), folder);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
  return folder;
}
