/** Every state of a dashboard in both themes and three widths: screenshots and axe. */
import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { ROOT } from "../../.tasks/project.ts";
import type { UsageSample } from "../../widget/usage_history.ts";
import {
  dashboardTraits,
  ENDED,
  type RowSpec,
} from "../unit/dashboard_rows.ts";
import { TempDir } from "../files/support.ts";
import { RUNNING } from "../unit/traits.ts";
import { SCREENSHOTS } from "../browser/support/browser.ts";
import { DashboardView } from "../browser/support/dashboard_view.ts";
import { Lab } from "../browser/support/lab.ts";
import { findViolations } from "../browser/support/violations.ts";

const WIDTHS = [320, 700, 1200];

const MOD = JSON.stringify(join(ROOT, "mod.ts"));

const NOW = Date.now();

/** Returns a wave of usage, up to now. */
function usage(cpu: number, memory: number): UsageSample[] {
  return Array.from({ length: 31 }, (_, at) => [
    NOW / 1000 - 120 + 4 * at,
    cpu * (1 + 0.5 * Math.sin(at / 4)) + at % 5,
    memory * (1 + at / 100),
  ]);
}

/** A row of each kind, and more running ones. */
const ROWS: RowSpec[] = [
  {
    name: "api",
    pid: 4242,
    started_at: NOW - 11_520_000,
    command: ["deno", "run", "-A", "server.ts", "--port", "8000"],
    health_status: "healthy",
    health_message: "200 OK in 0.4 ms",
    health_timestamp: NOW + 600_000,
    usage: usage(34, 8.9e7),
    last_line:
      "\x1b[2m10:42:09\x1b[0m \x1b[32mINFO\x1b[0m GET /api \x1b[1m200\x1b[0m",
    last_stream: "stdout",
  },
  {
    name: "db",
    status: "unhealthy",
    pid: 4130,
    started_at: NOW - 190_000_000,
    health_status: "degraded",
    health_message: "The database answers slowly: 2.4 s in the mean",
    health_timestamp: NOW - 100_000,
    usage: usage(61, 4.1e8),
    last_line: "\x1b[33mWARN\x1b[0m slow query: 2.4 s",
    last_stream: "stderr",
  },
  { name: "etl-nightly", ...ENDED, exited_at: NOW - 26_000_000 },
  {
    name: "mailer",
    ...ENDED,
    status: "failed",
    exit_code: 1,
    exited_at: NOW - 185_000,
    last_line: "\x1b[31mError\x1b[0m: connect ECONNREFUSED 127.0.0.1:587",
    last_stream: "stderr",
  },
  { name: "paused", status: "suspended", started_at: NOW - 50_000 },
  {
    name: "pretrain",
    status: "pending",
    pid: null,
    started_at: null,
    job_reason: "it waits for free resources (Resources)",
  },
  {
    name: "proxy",
    ...ENDED,
    status: "failed",
    exit_code: null,
    exit_signal: "SIGKILL",
    exited_at: NOW - 20_000,
    exit_reason: "terminated",
  },
  {
    name: "remote",
    ...ENDED,
    status: "unknown",
    exit_code: null,
    exited_at: null,
    error: "Cannot find process 4011 as it runs on another host: 'gpu-3'",
  },
  {
    name: "train",
    started_at: NOW - 5_430_000,
    usage: usage(97, 2.9e9),
    last_line: "epoch 17/90 \x1b[36m━━━━━\x1b[0m loss=\x1b[1m0.0271\x1b[0m",
    action: { control: "terminate", state: "running", reason: null },
  },
  ...Array.from({ length: 12 }, (_, at): RowSpec => ({
    name: `worker-${at + 1}`,
    pid: 5000 + at,
    started_at: NOW - 1000 * 7 ** (at % 6 + 1),
    usage: usage(3 * at, 1e7 * (at + 1)),
    last_line: `job ${1000 + at} done in ${at * 13 % 50} ms`,
    last_stream: "stdout",
  })),
];

const FAILURES: Record<string, unknown> = {
  "row:p7": {
    ...dashboardTraits(ROWS)["row:p7"],
    action: {
      control: "start",
      state: "failed",
      reason:
        "Cannot start 'proxy' as '/usr/bin/proxy' does not exist: check the command",
    },
  },
};

/** Returns the traits of the card in the first row. */
function detail(): Record<string, unknown> {
  const [{ usage, ...row }] = ROWS;
  const traits = {
    ...RUNNING,
    ...row,
    controls: ["start", "restart", "terminate", "clear_logs"],
    cpu_percent: 34.2,
    memory_bytes: 93e6,
    usage_history: usage,
    stdout_lines: Array.from({ length: 12 }, (_, at) => `GET /${at} 200`),
  };
  return Object.fromEntries(
    Object.entries(traits).map(([trait, value]) => [`p1/${trait}`, value]),
  );
}

const { controls: _controls, theme: _theme, ...TRAITS } = dashboardTraits(
  ROWS,
  { ...detail(), dir: "/home/ada/projects/shop/processes" },
);

for (const theme of ["light", "dark"]) {
  Deno.test(`Every state of a dashboard is accessible, ${theme}`, async (t) => {
    await ensureDir(SCREENSHOTS);
    using dir = new TempDir();
    await using lab = await Lab.start();
    await using notebook = await lab.open(
      `import { processDashboard, ProcessManager } from ${MOD};
// Its rows are replaced after the first poll.
const manager = new ProcessManager({ dir: ${JSON.stringify(dir.path)} });
const dashboard = processDashboard(manager, { interval: 3_600_000 });
await dashboard.refresh();
dashboard`,
      `const { ids, ...others } = ${JSON.stringify(TRAITS)};
dashboard.addTraits(others);
dashboard.update({ ids });`,
      `dashboard.update(${JSON.stringify(FAILURES)});`,
    );
    const { page } = notebook;
    await page.setViewportSize({ width: 1800, height: 1400 });
    if (theme === "dark") {
      await notebook.choose("Settings", "Theme", "JupyterLab Dark");
      await page.locator("body[data-jp-theme-light=false]")
        .waitFor({ state: "attached" });
      await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    }
    await notebook.run(0);
    const view = new DashboardView(page);
    const { root } = view;
    await root.getByText("No processes yet").waitFor();
    await root.and(page.locator(`[data-theme=${theme}]`)).waitFor();
    const shows = (state: string) => showsIn(view, page, `${state}-${theme}`);

    await t.step("empty", () => shows("empty"));
    await t.step("with the errors of the form", async () => {
      await view.button(/^New/).click();
      await root.getByRole("form").getByRole("button", { name: "Start" })
        .click();
      await root.locator("[aria-invalid=true]").first().waitFor();
      await shows("form");
      await page.keyboard.press("Escape");
    });
    await t.step("with rows", async () => {
      await notebook.run(1);
      await view.row("api").waitFor();
      await shows("rows");
    });
    await t.step("with a selection", async () => {
      await view.select("api");
      await view.select("mailer", ["Shift"]);
      await shows("selection");
    });
    await t.step("with a question", async () => {
      await view.button(/^Remove/).last().click();
      await shows("question");
      await page.keyboard.press("Escape");
      await view.button("Clear the selection").click();
    });
    await t.step("with an expanded row", async () => {
      await view.toggle("api");
      await view.card("api").getByText("GET /11").waitFor();
      await shows("expanded");
      await view.toggle("api");
    });
    await t.step("with nothing that matches", async () => {
      await view.filter.fill("nothing");
      await root.getByText("No process matches").waitFor();
      await shows("no-match");
      await view.filter.fill("");
    });
    await t.step("with the form", async () => {
      await view.button(/^New/).click();
      await shows("new");
      await page.keyboard.press("Escape");
    });
    await t.step("with failures, and paused", async () => {
      await notebook.run(2);
      await root.getByText("/usr/bin/proxy' does not exist").first().waitFor();
      await shows("failures");
      await view.button("Pause polling").click();
      await root.getByText("Polling is paused").waitFor();
      await shows("paused");
    });
    await t.step("after the kernel has shut down", async () => {
      await notebook.choose("Kernel", "Shut Down Kernel");
      await root.and(page.locator('[data-connection="gone"]')).waitFor();
      await shows("gone");
    });
    assertEquals(notebook.record.errors, []);
  });
}

/** Takes screenshots of a state in each width, and checks it. */
async function showsIn(
  { root, table }: DashboardView,
  page: Page,
  state: string,
): Promise<void> {
  for (const width of WIDTHS) {
    await page.addStyleTag({
      content: `.process-dashboard { width: ${width}px !important }`,
    });
    const layout = width < 560 ? "list" : "table";
    await table.and(page.locator(`[data-layout=${layout}]`)).waitFor();
    await page.mouse.move(0, 0);
    await root.screenshot({
      path: join(SCREENSHOTS, `dashboard-${state}-${width}.png`),
      animations: "disabled",
    });
    for (const element of [root, table]) {
      const [whole, visible] = await element.evaluate((one) => [
        one.scrollWidth,
        one.clientWidth,
      ]);
      assertEquals(whole, visible, `${state} overflows at ${width}`);
    }
    assertEquals(await findViolations(page), [], `${state} at ${width}`);
  }
}
