import { assert, assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import type { Locator } from "playwright-core";
import { type ChildProcess, spawn } from "node:child_process";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { ROOT, VENV } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { startBrowser } from "./browser.ts";
import { openNotebook } from "./notebook.ts";

const PROCESS_DIR = join(ROOT, ".demo", "server");
const NOTEBOOK = join(ROOT, "demo.ipynb");

/** The demo task, running as in a terminal that can be interrupted. */
class Demo implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  output = "";

  constructor() {
    this.#child = spawn(
      Deno.execPath(),
      ["task", "demo", "--no-browser"],
      { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#child.stdout?.on("data", (chunk) => this.output += chunk);
    this.#ended = new Promise((resolve) => this.#child.once("exit", resolve));
  }

  /** Waits until it prints its address. */
  async address(): Promise<URL> {
    await until(
      () => /http:\S+\n/.test(this.output) || this.#child.exitCode !== null,
      120_000,
    );
    return new URL(this.output.match(/http:\S+/)![0]);
  }

  /** Does what Ctrl-C does: every program of the terminal gets the signal. */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode === null) Deno.kill(-this.#child.pid!, "SIGINT");
    return await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt();
  }
}

Deno.test("The demo opens on a live process and leaves nothing behind", async () => {
  const source = await Deno.readTextFile(NOTEBOOK);
  const before = await projectProcesses();
  await using demo = new Demo();
  const address = await demo.address();
  const server = {
    url: `${address.origin}/`,
    token: address.searchParams.get("token")!,
  };
  assertEquals(address.pathname, "/lab/tree/demo.ipynb");
  const state = JSON.parse(
    await Deno.readTextFile(join(PROCESS_DIR, "process_state.json")),
  );

  const browser = await startBrowser();
  try {
    const notebook = await openNotebook(browser, server, address.pathname);
    await notebook.runAll();
    const counter = notebook.page.getByRole("button", { name: "Clicked: 0" });
    await counter.click();
    await notebook.page.getByRole("button", { name: "Clicked: 1" }).waitFor();
    // JupyterLab goes to the last cell, and hides what it scrolls away.
    const seen = notebook.page.locator(".jp-OutputArea-output", {
      hasText: "seen:",
    });
    await seen.waitFor({ state: "attached" });
    const holds = (part: Locator, text: string) =>
      part.filter({ hasText: text }).first().waitFor({ state: "attached" });
    const widget = notebook.widget();
    await holds(widget.fact("status"), "running");
    assertEquals(await widget.fact("pid").textContent(), `${state.pid}`);
    await holds(widget.lines(), "GET /health 200");
    await holds(widget.lines(), "GET /steered 404");
    const clock = notebook.widget(1);
    await holds(clock.fact("status"), "running");
    assertEquals(await clock.fact("ttl").count(), 1);
    assertEquals(notebook.record.errors, []);
  } finally {
    await browser.close();
  }

  assertEquals(await demo.interrupt(), 0);
  assertEquals(await localProcessTable.find(state.pid), null);
  assert(!await exists(PROCESS_DIR));
  await until(async () => {
    const left = (await projectProcesses()).filter((p) => !before.includes(p));
    return left.length === 0;
  });
  assertEquals(await Deno.readTextFile(NOTEBOOK), source);
});

/** The pids of what runs from the project's environment or demo. */
async function projectProcesses(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      if (command.includes(VENV) || command.includes(PROCESS_DIR)) {
        pids.push(Number(name));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return pids;
}
