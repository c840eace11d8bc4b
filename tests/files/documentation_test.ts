import { assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";

for (const file of ["README.md", "CONTRIBUTING.md"]) {
  Deno.test(`${file} names only tasks and files that exist`, async () => {
    const text = await Deno.readTextFile(join(ROOT, file));
    const config = await Deno.readTextFile(join(ROOT, "deno.json"));
    const { tasks } = JSON.parse(config);
    const named = [...text.matchAll(/deno task ([a-z][\w:-]*)/g)];
    assertEquals(named.map(([, task]) => task).filter((t) => !tasks[t]), []);
    // Paths below the folders of the project, in code or as the target of a link.
    const folders =
      /(?:`|\]\(|\s)((?:\.?(?:readme|tasks|tests|bench|process|jupyter|frontend|widget|links)\/)[\w./-]*)/g;
    const missing: string[] = [];
    for (const [, path] of text.matchAll(folders)) {
      if (!await exists(join(ROOT, path))) missing.push(path);
    }
    assertEquals(missing, []);
  });
}
