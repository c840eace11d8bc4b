import { join } from "@std/path";
import { capture, progress, ROOT } from "./project.ts";
import { findPython, readIfExists } from "./python.ts";

/**
 * Installs the packages of a host for the tests into a separate environment,
 * unless it is up to date. Packages that are pinned in `requirements.txt` get the
 * version from there.
 *
 * @param name The name of the environment, in `.venv-hosts`.
 * @param requirements The path of the list of packages.
 * @returns The folder of the environment's programs.
 */
export async function ensureHostEnvironment(
  name: string,
  requirements: string,
): Promise<string> {
  const folder = join(ROOT, ".venv-hosts", name);
  const programs = join(folder, "bin");
  const constraints = join(ROOT, "requirements.txt");
  const wanted = (await Promise.all(
    [requirements, constraints].map((file) => Deno.readTextFile(file)),
  )).join("");
  // Written last, so that an incomplete environment does not have it.
  const stamp = join(folder, "installed-requirements.txt");
  if (await readIfExists(stamp) === wanted) return programs;
  progress(`Installing ${name} into .venv-hosts (a minute) …`);
  await capture(await findPython(), ["-m", "venv", "--clear", folder]);
  await capture(join(programs, "python"), [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ...["--requirement", requirements, "--constraint", constraints],
  ]);
  await Deno.writeTextFile(stamp, wanted);
  return programs;
}
