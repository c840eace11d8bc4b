import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname } from "@std/path";
import { findBadImports } from "../../.tasks/imports.ts";
import { TempDir } from "./support.ts";

/** Writes a project of these files, and returns its bad imports. */
async function badImportsOf(files: Record<string, string>): Promise<string[]> {
  using dir = new TempDir();
  for (const [name, text] of Object.entries({ "deno.json": "{}", ...files })) {
    await ensureDir(dirname(dir.file(name)));
    await dir.write(name, text);
  }
  return await findBadImports(dir.path);
}

Deno.test("findBadImports accepts imports that follow the layers", async () => {
  assertEquals(
    await badImportsOf({
      "mod.ts": `export * from "./widget.ts";`,
      "widget.ts": `import "./process/reader.ts"; import "./jupyter/mod.ts";`,
      "process/reader.ts":
        `import "./files/parsed_file.ts"; import "node:path";`,
      "process/files/parsed_file.ts": "",
      "jupyter/mod.ts": `import type { Uplink } from "./page/uplink.ts";`,
      "jupyter/page/uplink.ts": "export interface Uplink {}",
    }),
    [],
  );
});

Deno.test("findBadImports reports a cycle, of types too", async () => {
  assertEquals(
    await badImportsOf({
      "jupyter/a.ts": `import "./b.ts";`,
      "jupyter/b.ts": `import "./c.ts";`,
      "jupyter/c.ts": `import type {} from "./a.ts"; export {};`,
    }),
    [
      "jupyter/c.ts imports jupyter/a.ts: imports form no cycle " +
      "(jupyter/a.ts → jupyter/b.ts → jupyter/c.ts → jupyter/a.ts)",
    ],
  );
});

Deno.test("findBadImports reports an import across layers with its rule", async () => {
  assertEquals(
    await badImportsOf({
      "process/reader.ts": `import "../jupyter/mod.ts";`,
      "jupyter/mod.ts": `import { x } from "./page/uplink.ts"; x;`,
      "jupyter/page/uplink.ts": "export const x = 1;",
      "poller.ts": `import "./tests/clock.ts";`,
      "tests/clock.ts": "",
    }),
    [
      "jupyter/mod.ts imports jupyter/page/uplink.ts: " +
      "jupyter/ imports only itself, and only types from jupyter/page/",
      "poller.ts imports tests/clock.ts: " +
      "product code imports nothing from tests/, bench/ or .tasks/",
      "process/reader.ts imports jupyter/mod.ts: " +
      "process/ imports only itself, @std and node",
    ],
  );
});
