/** What README.md says about an installation from nothing, and about PostgreSQL. */
import { assert } from "@std/assert";
import { exists } from "@std/fs";
import { capture, progress, VENV_BIN } from "../../.tasks/project.ts";
import { startBrowser } from "../browser/support/browser.ts";
import { TempDir } from "../files/support.ts";
import type { TestKernel } from "../kernel/support.ts";
import { readSections } from "../readme/blocks.ts";
import { Reader } from "../readme/reader.ts";
import { has, printed, runSection } from "../readme/section.ts";

const INSTALLATION = "JupyterLab or Notebook 7";

Deno.test("A newcomer gets from nothing to a process in five minutes", async () => {
  const begin = performance.now();
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(new TempDir());
  await capture("python3", ["-m", "venv", dir.file("venv")]);
  const reader = stack.use(await Reader.start({ bin: dir.file("venv/bin") }));
  const [commands, start, end] = (await readSections()).get(INSTALLATION)!;
  const server = await reader.serve(commands.code);
  assert(server, "the commands start JupyterLab");
  stack.defer(() => server.stop());
  const browser = await startBrowser();
  stack.defer(() => browser.close());

  const page = await browser.newPage();
  await page.goto(server.address.href);
  await page.locator('.jp-LauncherCard[data-category="Notebook"]')
    .filter({ hasText: "Deno" }).click();
  await page.locator('[data-status="idle"].jp-Notebook-ExecutionIndicator')
    .waitFor();
  const cell = page.locator(".jp-CodeCell .cm-content").last();
  const run = async (code: string) => {
    await cell.fill(code);
    await page.keyboard.press("Shift+Enter");
  };
  await run(start.code);
  const widget = page.locator(".process-widget");
  await widget.and(page.locator('[data-status="running"]')).waitFor();
  await widget.locator(".pw-line").nth(2).waitFor();
  const minutes = (performance.now() - begin) / 60_000;
  console.log(`from nothing to a process: ${minutes.toFixed(1)} min`);
  assert(minutes < 5, `${minutes} min`);
  await run(end.code);
  await widget.and(page.locator('[data-status="stopped"]')).waitFor();
});

/** Where Debian keeps its clusters: a folder a version. */
const CLUSTERS = "/etc/postgresql";

/** Returns why PostgreSQL can be neither used nor installed, or null. */
async function whyNoPostgres(): Promise<string | null> {
  if (await exists(CLUSTERS)) return null;
  if (Deno.uid() !== 0 || !await exists("/usr/bin/apt-get")) {
    return "only root can install it, and on Debian only";
  }
  progress("Installing Debian's PostgreSQL …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await capture("apt-get", ["update"], { env });
  await capture("apt-get", ["install", "--yes", "postgresql"], { env });
  return null;
}

/** Writes programs that run those of PostgreSQL, which refuse to run as root. */
async function writePrograms(dir: TempDir, version: string): Promise<void> {
  for (const name of ["initdb", "postgres"]) {
    const program = `/usr/lib/postgresql/${version}/bin/${name}`;
    const user = Deno.uid() === 0
      ? "setpriv --reuid=postgres --regid=postgres --clear-groups "
      : "";
    const script = `#!/bin/sh\nexec ${user}${program} "$@"\n`;
    await dir.write(name, script, { mode: 0o755 });
  }
}

/** Starts Debian's cluster unless it runs; stops it when disposed of. */
async function startCluster(version: string): Promise<AsyncDisposable> {
  const cluster = (action: string) =>
    capture("pg_ctlcluster", [version, "main", action]);
  const runs = await exists(`/run/postgresql/${version}-main.pid`);
  if (!runs) await cluster("start");
  return {
    [Symbol.asyncDispose]: async () => {
      if (!runs) await cluster("stop");
    },
  };
}

const reason = await whyNoPostgres();
if (reason) console.log(`Skipped PostgreSQL: ${reason}.`);

Deno.test({
  name: "The README's cells about PostgreSQL show a database",
  ignore: reason !== null,
  async fn() {
    const [{ name: version }] = await Array.fromAsync(Deno.readDir(CLUSTERS));
    using programs = new TempDir();
    await writePrograms(programs, version);
    await using reader = await Reader.start({
      bin: `${programs.path}:${VENV_BIN}`,
      // The version depends on that of Debian.
      standIns: { "15-main": `${version}-main` },
    });
    await reader.makeWritable();
    const sections = await readSections();
    await reader.follow(sections.get(INSTALLATION)![0]);
    await using _ = await startCluster(version);
    const isReady = async (kernel: TestKernel) => {
      await has(kernel, "postgres", { status: "running" });
      await printed(kernel, "postgres", /ready to accept connections/);
    };
    const cells = sections.get("PostgreSQL")!;
    await runSection(reader, "PostgreSQL", cells, [isReady, isReady]);
  },
});
