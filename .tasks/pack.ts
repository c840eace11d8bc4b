/**
 * Writes the npm package: the entry points as bundles, which need no other
 * package, and their declarations.
 */

import { ensureDir } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { capture, ROOT, task, venvProgram } from "./project.ts";
import { ensurePython } from "./python.ts";

/** The name of the package on npm. */
export const NPM_NAME = "process-widget";

/** Texts that are copied into the package. */
const TEXTS = ["README.md", "CHANGELOG.md", "LICENSE"];

/** The fields of `deno.json` that the package takes over. */
interface Config {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** A package that can be published, as a folder and as a tarball. */
export interface NpmPackage {
  /** The folder. */
  readonly folder: string;
  /** The tarball that `npm publish` makes of it. */
  readonly tarball: string;
}

/**
 * Writes the package below `dir`.
 *
 * @throws {Error} If it cannot be bundled or packed; quotes the reason.
 */
export async function pack(dir: string): Promise<NpmPackage> {
  const config: Config = JSON.parse(
    await Deno.readTextFile(join(ROOT, "deno.json")),
  );
  const folder = join(dir, "npm");
  // A file that is no longer written must not be published.
  await removeIfExists(folder);
  await ensureDir(folder);
  await bundle(Object.values(config.exports), folder);
  await writeDeclarations(config, folder);
  for (const file of TEXTS) {
    const text = await Deno.readTextFile(join(ROOT, file));
    // The pages of npm show no images of a package.
    const plain = text.replaceAll(/^!\[.*\]\(\.readme\/.*\)\n/gm, "");
    await Deno.writeTextFile(join(folder, file), plain);
  }
  const manifest = JSON.stringify(manifestOf(config), null, 2) + "\n";
  await Deno.writeTextFile(join(folder, "package.json"), manifest);
  const tarball = join(dir, await npmPack(folder, dir));
  return { folder, tarball };
}

/** Returns the content of `package.json`. */
function manifestOf({ version, license, exports }: Config) {
  return {
    name: NPM_NAME,
    version,
    description: "Shows background processes live in Deno notebooks",
    keywords: ["deno", "jupyter", "notebook", "process", "anywidget"],
    license,
    type: "module",
    engines: { deno: ">=2.7.0" },
    exports: Object.fromEntries(
      Object.entries(exports).map(([name, source]) => [name, {
        types: source.replace(/\.ts$/, ".d.ts"),
        default: source.replace(/\.ts$/, ".js"),
      }]),
    ),
  };
}

/**
 * Bundles the entry points. What they share becomes a file of its own, so that
 * both export the same `AnyWidget`.
 */
async function bundle(entries: string[], folder: string): Promise<void> {
  const options = ["--quiet", "--code-splitting", "--outdir", folder];
  await capture(venvProgram("deno"), ["bundle", ...options, ...entries]);
}

/**
 * Writes the declarations that `deno pack` extracts for the public API. The rest
 * of its package is not used, as it lacks the dependencies from JSR.
 */
async function writeDeclarations(
  { name, exports }: Config,
  folder: string,
): Promise<void> {
  const temp = await Deno.makeTempDir({ prefix: "declarations-" });
  try {
    const tarball = join(temp, "package.tgz");
    const options = ["--quiet", "--allow-dirty", "--output", tarball];
    await capture(venvProgram("deno"), ["pack", ...options]);
    await capture("tar", ["-xzf", tarball, "-C", temp]);
    const packed = join(temp, "package");
    for await (const path of findDeclarations(packed)) {
      let text = await Deno.readTextFile(path);
      // Examples name the package as it is called on JSR.
      for (const entry of Object.keys(exports)) {
        const subpath = entry.slice(1);
        text = text.replaceAll(
          `"${name}${subpath}"`,
          `"npm:${NPM_NAME}${subpath}"`,
        );
      }
      // `deno pack` puts a declaration on the last line of its comment.
      text = text.replaceAll(
        /^( *)(\/\*\*.*\*\/| \*(?:.*\*)?\/) (?=\S)/gm,
        "$1$2\n$1",
      );
      const target = join(folder, relative(packed, path));
      await ensureDir(dirname(target));
      await Deno.writeTextFile(target, text);
    }
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

async function* findDeclarations(folder: string): AsyncIterable<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* findDeclarations(path);
    else if (name.endsWith(".d.ts")) yield path;
  }
}

/** Returns the name of the tarball, which it writes into `dir`. */
async function npmPack(folder: string, dir: string): Promise<string> {
  const options = ["--json", "--pack-destination", dir];
  const output = await capture("npm", ["pack", folder, ...options]);
  const [{ filename }] = JSON.parse(output);
  return filename;
}

async function removeIfExists(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) {
  await task(async () => {
    await ensurePython();
    const { folder, tarball } = await pack(join(ROOT, "dist"));
    for (const path of [folder, tarball]) console.log(relative(ROOT, path));
  });
}
