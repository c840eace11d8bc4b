import { join } from "@std/path";
import { ROOT } from "../.tasks/project.ts";
import { TempDir } from "../tests/files/support.ts";
import type { Figure } from "./harness/figure.ts";
import { compareTime } from "./harness/rounds.ts";

/** The import of `mod.ts`, with and without Deno's cache of compiled code. */
export const importing: Figure = {
  name: "import",
  async measure() {
    using dir = new TempDir();
    const empty = await dir.write("empty.ts", "");
    const mod = join(ROOT, "mod.ts");
    let cache = 0;
    const run = async (program: string, cacheFolder: string) => {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-remote", "--config", CONFIG, program],
        env: { DENO_DIR: cacheFolder, NO_COLOR: "1" },
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
    };
    const cold = (program: string) => () =>
      run(program, dir.file(`cold-${++cache}`));
    const warm = (program: string) => () => run(program, dir.file("warm"));
    const unit = "ms";
    const imported = "import of mod.ts; floor: an empty program";
    return [
      {
        figure: `cold ${imported}`,
        unit,
        ...await compareTime({ floor: cold(empty), ours: cold(mod) }),
        // Every module is compiled. Runs of the same program range from 8.9 to 10.6.
        limit: 12,
      },
      {
        figure: `warm ${imported}`,
        unit,
        ...await compareTime({ floor: warm(empty), ours: warm(mod) }),
        limit: 4.5,
      },
    ];
  },
};

const CONFIG = join(ROOT, "deno.json");
