/** Checks that imports form no cycle and respect the layers of the project. */

import { relative, toFileUrl } from "@std/path";
import { ROOT } from "./project.ts";

/** What the files of one layer may import. */
interface Rule {
  /** The files of the layer. */
  readonly layer: RegExp;
  /** What they may import. */
  readonly allowed: RegExp;
  /** What they may import as a type only. */
  readonly types?: RegExp;
  /** The rule as a sentence. */
  readonly text: string;
}

const RULES: readonly Rule[] = [
  {
    layer: /^(process|jupyter|widget|frontend|links)\/|^[^./]+\.ts$/,
    allowed: /^(?!tests\/|bench\/|\.tasks\/|\.demo\/)/,
    text: "product code imports nothing from tests/, bench/ or .tasks/",
  },
  {
    layer: /^(process|jupyter|widget)\/|^[^./]+\.ts$/,
    allowed: /^(?!frontend\/(?!dist\/))/,
    text: "the kernel imports nothing from frontend/ but frontend/dist/",
  },
  {
    layer: /^process\//,
    allowed: /^(process\/|@std\/|node:)/,
    text: "process/ imports only itself, @std and node",
  },
  {
    layer: /^process\/files\//,
    allowed: /^(process\/files\/|@std\/|node:)/,
    text: "process/files/ imports nothing else of process/",
  },
  {
    layer: /^process\/logs\//,
    allowed: /^(?!process\/(?!(files|logs)\/))/,
    text: "of process/, logs/ imports only files/",
  },
  {
    layer: /^process\/system\//,
    allowed: /^(?!process\/(?!(files|system)\/))/,
    text: "of process/, system/ imports only files/",
  },
  {
    layer: /^process\/directory\//,
    allowed: /^(?!process\/(?!(files|system|logs|directory)\/))/,
    text: "of process/, directory/ imports only files/, logs/ and system/",
  },
  {
    layer: /^process\/lifecycle\//,
    allowed: /^(?!process\/[^/]+$)/,
    text: "process/lifecycle/ imports no top-level file of process/",
  },
  {
    layer: /^process\/slurm\//,
    allowed:
      /^(?!process\/(?!(files|system|directory|slurm)\/|(liveness)\.ts$))/,
    types: /^process\/snapshot\.ts$/,
    text:
      "of process/, slurm/ imports only files/, system/, directory/ and liveness.ts",
  },
  {
    layer: /^process\/[^/]+$/,
    allowed: /^(?!process\/lifecycle\/)/,
    text: "the top-level files of process/ import nothing from lifecycle/",
  },
  {
    layer: /^jupyter\/(?!page\/)/,
    allowed: /^(jupyter\/(?!page\/)|@std\/|node:)/,
    types: /^(jupyter\/page\/|npm:)/,
    text: "jupyter/ imports only itself, and only types from jupyter/page/",
  },
  {
    layer: /^jupyter\/page\//,
    allowed: /^jupyter\/(page\/|protocol\.ts$)/,
    types: /^npm:/,
    text: "jupyter/page/ imports only itself and jupyter/protocol.ts",
  },
  {
    layer: /^widget\/(?!(dashboard\/dashboard|polling)\.ts$)/,
    allowed: /^(widget|process|jupyter|@std)\/|^node:/,
    text: "widget/ imports only itself, process/ and jupyter/",
  },
  {
    layer: /^widget\/dashboard\/dashboard\.ts$/,
    allowed: /^(?!(mod|manager|handle|widget)\.ts$)/,
    text: "the dashboard is shown by manager.ts, and shows no widget.ts",
  },
  {
    layer: /^widget\/polling\.ts$/,
    allowed: /^(poller\.ts$|widget\/|@std\/)/,
    text: "widget/polling.ts imports only poller.ts and widget/",
  },
  {
    layer: /^frontend\//,
    allowed: /^(frontend\/|jupyter\/page\/|npm:)/,
    types: /^widget\//,
    text:
      "frontend/ imports only itself, jupyter/page/ and the types of widget/",
  },
  {
    layer: /^poller\.ts$/,
    allowed: /^(process\/|widget\/clock\.ts$|@std\/|node:)/,
    text: "poller.ts imports only process/ and widget/clock.ts",
  },
  {
    layer: /^widget\.ts$/,
    allowed: /^(?!(mod|manager|handle)\.ts$)/,
    text: "imports run from mod.ts to manager.ts, handle.ts and widget.ts",
  },
  {
    layer: /^handle\.ts$/,
    allowed: /^(?!(mod|manager)\.ts$)/,
    text: "imports run from mod.ts to manager.ts, handle.ts and widget.ts",
  },
  {
    layer: /^manager\.ts$/,
    allowed: /^(?!mod\.ts$)/,
    text: "imports run from mod.ts to manager.ts, handle.ts and widget.ts",
  },
];

/** Folders without sources of this project. */
const SKIPPED =
  /^(dist|node_modules|coverage|screenshots|run-.*|\.(?!tasks$|demo$).*)$/;

/** One import. A type-only import exists for the compiler alone. */
interface Import {
  readonly path: string;
  readonly typeOnly: boolean;
}

/** The imports of each file, by its path below the root. */
type Graph = ReadonlyMap<string, readonly Import[]>;

/** The part of the output of `deno info --json` that is used here. */
interface Info {
  modules: {
    specifier: string;
    dependencies?: {
      specifier: string;
      code?: { specifier?: string };
      type?: { specifier?: string };
    }[];
  }[];
}

/**
 * Returns a sentence for each import that closes a cycle or crosses layers.
 *
 * @param root The folder of the project.
 * @param deno The Deno that resolves the imports.
 * @throws {Error} If the imports cannot be resolved.
 */
export async function findBadImports(
  root: string = ROOT,
  deno: string = Deno.execPath(),
): Promise<string[]> {
  const graph = await readGraph(root, deno);
  return [...findCrossings(graph), ...findCycles(graph)];
}

function* findCrossings(graph: Graph): Iterable<string> {
  for (const [file, imports] of graph) {
    const rules = RULES.filter(({ layer }) => layer.test(file));
    for (const { path, typeOnly } of imports) {
      const broken = rules.find(({ allowed, types }) =>
        !allowed.test(path) && !(typeOnly && types?.test(path))
      );
      if (broken) yield `${file} imports ${path}: ${broken.text}`;
    }
  }
}

/** Searches depth first: an import of a file that is still open closes a cycle. */
function* findCycles(graph: Graph): Iterable<string> {
  const open: string[] = [];
  const done = new Set<string>();
  function* visit(file: string): Iterable<string> {
    open.push(file);
    for (const { path } of graph.get(file) ?? []) {
      const start = open.indexOf(path);
      if (start >= 0) {
        const cycle = [...open.slice(start), path].join(" → ");
        yield `${file} imports ${path}: imports form no cycle (${cycle})`;
      } else if (!done.has(path)) yield* visit(path);
    }
    open.pop();
    done.add(file);
  }
  for (const file of graph.keys()) if (!done.has(file)) yield* visit(file);
}

async function readGraph(root: string, deno: string): Promise<Graph> {
  const sources = (await Array.fromAsync(findSources(root))).sort();
  // `deno info` takes one entry: a file that imports every source.
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = sources.map((path) => `import "${toFileUrl(path)}";\n`);
    await Deno.writeTextFile(entry, imports.join(""));
    const info = await inspect(entry, root, deno);
    const rootUrl = toFileUrl(`${root.replace(/\/$/, "")}/`).href;
    const name = (specifier: string) =>
      specifier.replace(rootUrl, "")
        .replace(/^links\/std\/([^/]+)\/mod\.ts$/, "@std/$1")
        .replace("https://jsr.io/@std/", "@std/");
    const isSource = new Set(sources.map((path) => relative(root, path)));
    return new Map(
      info.modules.map(({ specifier, dependencies = [] }) =>
        [
          name(specifier),
          dependencies.map(({ specifier, code, type }) => ({
            path: name(code?.specifier ?? type?.specifier ?? specifier),
            typeOnly: code === undefined,
          })),
        ] as const
      ).filter(([file]) => isSource.has(file)),
    );
  } finally {
    await Deno.remove(entry);
  }
}

async function inspect(
  entry: string,
  root: string,
  deno: string,
): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: ["info", "--json", "--config", `${root}/deno.json`, entry],
    cwd: root,
  }).output();
  const text = new TextDecoder();
  if (success) return JSON.parse(text.decode(stdout));
  throw new Error(`Cannot read the imports:\n${text.decode(stderr)}`);
}

async function* findSources(folder: string): AsyncIterable<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder.replace(/\/$/, "")}/${name}`;
    if (isDirectory && !SKIPPED.test(name)) yield* findSources(path);
    if (isFile && /\.tsx?$/.test(name)) yield path;
  }
}
