import { assert, assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import type { Locator } from "playwright-core";
import { type ChildProcess, spawn } from "node:child_process";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { ROOT } from "../../.tasks/project.ts";
import { until } from "../files/support.ts";
import { startBrowser } from "./support/browser.ts";
import { openNotebook } from "./support/notebook.ts";

const PROCESS_DIR = join(ROOT, ".demo", "server");
const NOTEBOOK = join(ROOT, "demo.ipynb");

/** The demo task, run as in a terminal. */
class Demo implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exitCode: Promise<number | null>;
  /** A variable that every process of this demo inherits. */
  readonly #mark = `TEST_DEMO=${crypto.randomUUID()}`;
  #output = "";

  constructor() {
    const [name, value] = this.#mark.split("=");
    this.#child = spawn(
      Deno.execPath(),
      ["task", "demo", "--no-browser"],
      {
        cwd: ROOT,
        detached: true,
        env: { ...Deno.env.toObject(), [name]: value },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    this.#child.stdout?.on("data", (chunk) => this.#output += chunk);
    this.#exitCode = new Promise((resolve) =>
      this.#child.once("exit", resolve)
    );
  }

  /** Waits until it prints its address. */
  async address(): Promise<URL> {
    await until(
      () => /http:\S+\n/.test(this.#output) || this.#child.exitCode !== null,
      120_000,
    );
    return new URL(this.#output.match(/http:\S+/)![0]);
  }

  /** Sends SIGINT to every process of the terminal, as Ctrl-C does. */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode === null) Deno.kill(-this.#child.pid!, "SIGINT");
    return await this.#exitCode;
  }

  /** Returns the pids of the processes that it has started. */
  async processes(): Promise<number[]> {
    const pids: number[] = [];
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const environment = await Deno.readTextFile(`/proc/${name}/environ`);
        const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
        if (environment.includes(this.#mark) || command.includes(PROCESS_DIR)) {
          pids.push(Number(name));
        }
      } catch {
        // It has exited, or belongs to another user.
      }
    }
    return pids;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.interrupt();
  }
}

Deno.test("The demo shows a live process and leaves nothing behind", async () => {
  const source = await Deno.readTextFile(NOTEBOOK);
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
    // JupyterLab scrolls to the last cell and hides those out of sight.
    const seen = notebook.page.locator(".jp-OutputArea-output", {
      hasText: "seen:",
    });
    await seen.waitFor({ state: "attached" });
    const contains = (part: Locator, text: string) =>
      part.filter({ hasText: text }).first().waitFor({ state: "attached" });
    const widget = notebook.widget();
    await contains(widget.fact("status"), "running");
    assertEquals(await widget.fact("pid").textContent(), `${state.pid}`);
    await contains(widget.lines(), "GET /health 200");
    await contains(widget.lines(), "GET /steered 404");
    const clock = notebook.widget(1);
    await contains(clock.fact("status"), "running");
    assertEquals(await clock.fact("ttl").count(), 1);
    assertEquals(notebook.record.errors, []);
  } finally {
    await browser.close();
  }

  assert((await demo.processes()).length > 3);
  assertEquals(await demo.interrupt(), 0);
  assertEquals(await localProcessTable.find(state.pid), null);
  assert(!await exists(PROCESS_DIR));
  await until(async () => (await demo.processes()).length === 0);
  assertEquals(await Deno.readTextFile(NOTEBOOK), source);
});
