/**
 * Records what real programs print to a terminal, each in a file beside this one:
 * `deno run -A tests/files/logs/corpus/record.ts [name…]`. Requires `script`, pip, npm,
 * cargo, git and access to the package registries.
 */
import { fromFileUrl, join } from "@std/path";

const HERE = fromFileUrl(new URL(".", import.meta.url));

/** Sets the size of the terminal, which programs query. */
const SIZE = "stty cols 100 rows 40";

/** Commands that display progress; each runs in an empty folder. */
const PROGRAMS: Record<string, string> = {
  pip: `python3 -m venv venv &&
    venv/bin/pip install --no-cache-dir --disable-pip-version-check rich numpy`,
  npm: `npm init --yes >/dev/null && npm install --cache ./cache preact lodash;
    npm ls`,
  tqdm: `python3 -m venv venv && venv/bin/pip install --quiet tqdm colorama &&
    venv/bin/python -c '
import time
from tqdm import tqdm, trange
for _ in tqdm(range(40), desc="one"): time.sleep(0.02)
for a in trange(3, desc="outer"):
    for b in trange(20, desc="inner", leave=False, colour="green"):
        time.sleep(0.02)
for _ in tqdm(range(20), ascii=True, unit="B", unit_scale=True):
    time.sleep(0.02)
tqdm.write("done")
'`,
  cargo: `for i in 1 2 3 4 5 6; do cargo init --quiet --lib part$i; done;
    cargo init --quiet --name corpus . &&
    for i in 1 2 3 4 5 6; do cargo add --quiet --path part$i; done;
    cargo build; echo 'fn main() { let x: u8 = 300; }' > src/main.rs;
    cargo build`,
  "git-clone": `git init --quiet origin && cd origin &&
    for i in $(seq 300); do head -c 20000 /dev/urandom > f$i; done &&
    git add . && git -c user.name=a -c user.email=a@b commit --quiet -m x &&
    cd .. && git clone --progress "file://$PWD/origin" copy`,
  "deno-test": `printf '%s\\n' \\
    'Deno.test("adds", () => { if (1 + 1 !== 2) throw new Error("no"); });' \\
    'Deno.test("fails", () => { throw new Error("ein Fehler: 日本 ✗"); });' \\
    'Deno.test.ignore("skipped", () => {});' > a_test.ts && deno test a_test.ts`,
};

async function record(name: string, command: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "corpus-" });
  try {
    const { stdout } = await new Deno.Command("script", {
      args: [
        "--quiet",
        "--return",
        "--command",
        `${SIZE}\n${command}`,
        "/dev/null",
      ],
      cwd: folder,
      stdin: "null",
      // Ignores the settings of the current user.
      env: {
        TERM: "xterm-256color",
        COLORTERM: "truecolor",
        SHELL: "/bin/bash",
        PIP_CONFIG_FILE: "/dev/null",
        PIP_FIND_LINKS: "",
        NPM_CONFIG_USERCONFIG: "/dev/null",
        NPM_CONFIG_GLOBALCONFIG: "/dev/null/none",
      },
    }).output();
    await Deno.writeFile(join(HERE, `${name}.tty`), stdout);
    console.log(`${name}: ${stdout.length} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = Deno.args.length > 0 ? Deno.args : Object.keys(PROGRAMS);
for (const name of names) await record(name, PROGRAMS[name]);
