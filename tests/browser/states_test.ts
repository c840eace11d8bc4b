/** Every state of a widget in both themes and three widths: screenshots and axe. */
import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";
import { SCREENSHOTS } from "./support/browser.ts";
import { Lab } from "./support/lab.ts";
import type { Notebook } from "./support/notebook.ts";
import { findViolations } from "./support/violations.ts";

const WIDTHS = [320, 700, 1200];

/** The source of each widget, and the traits it is given. */
const STATES: Record<string, { source?: unknown; traits?: unknown }> = {
  running: {},
  unhealthy: {
    traits: {
      status: "unhealthy",
      health_status: "degraded",
      health_message: "The database answers slowly: 2.4 s in the mean",
      health_timestamp: Date.now() - 100_000,
      ttl_seconds: 90_000,
    },
  },
  "no-errors": { traits: { stderr_lines: [] } },
  suspended: { traits: { status: "suspended" } },
  stopped: { traits: { ...ended(), status: "stopped", exit_code: 0 } },
  failed: { traits: { ...ended(), status: "failed", exit_signal: "SIGKILL" } },
  error: {
    traits: {
      error:
        "Cannot read '/srv/shop/health.json' as it is not valid JSON: it " +
        "is half-written or broken, and is read again when it changes",
    },
  },
  paused: { traits: { polling_active: false } },
  waiting: { source: "/srv/not/there/yet" },
  loading: { source: { name: "empty", stdout: "/srv/not/there/yet.log" } },
  "no-logs": {
    source: { name: "bare", pid: 1 },
    traits: {
      watch_notice: "Cannot watch '/mnt/bare' for changes as its file system " +
        "(nfs4) may not report them",
    },
  },
};

function ended() {
  return {
    pid: null,
    uptime: "-",
    started_at: null,
    cpu_percent: null,
    memory_bytes: null,
    exited_at: Date.now() - 60_000,
  };
}

/** Traits of a healthy process that do not depend on this machine. */
const RUNNING = `{
  name: "shop",
  status: "running",
  pid: 4242,
  uptime: "3h 12m",
  started_at: Date.now() - 11_520_000,
  command: ["deno", "run", "-A", "server.ts", "--port", "8000"],
  health_status: "healthy",
  health_message: "200 OK in 0.4 ms",
  health_timestamp: Date.now() + 600_000,
  health_details: { url: "http://127.0.0.1:8000/", requests: 1042 },
  controls: ["pause", "poll", "start", "restart", "terminate", "clear_logs"],
  cpu_percent: 34.2,
  memory_bytes: 93_000_000,
  usage_history: Array.from({ length: 120 }, (_, at) => [
    Math.round(Date.now() / 1000) - 120 + at,
    30 + 20 * Math.sin(at / 9) + at % 7,
    80_000_000 + 100_000 * at + (at > 70 ? 9_000_000 : 0),
  ]),
  stdout_lines: [
    "\\x1b[2m10:42:07\\x1b[0m \\x1b[32mINFO\\x1b[0m listening on http://127.0.0.1:8000/",
    "\\x1b[2m10:42:08\\x1b[0m \\x1b[32mINFO\\x1b[0m GET /api/items?page=1 \\x1b[1m200\\x1b[0m 1.2 ms",
    "\\x1b[2m10:42:09\\x1b[0m \\x1b[33mWARN\\x1b[0m GET /api/items?page=2 took \\x1b[33m812 ms\\x1b[0m",
    ...[30, 90, 40, 100].map((base) =>
      Array.from({ length: 8 }, (_, at) => \`\\x1b[\${base + at}mc\${at}\\x1b[0m\`)
        .join(" ")
    ),
    "\\x1b[38;5;208m256\\x1b[0m \\x1b[38;2;130;90;255mtrue\\x1b[0m \\x1b[7minverse\\x1b[0m \\x1b[3mitalic\\x1b[0m \\x1b[4munderline\\x1b[0m",
    "loading 10%\\rloading 100% \\x1b[36m━━━━━━━━━━\\x1b[0m",
  ],
  stderr_lines: [
    "10:42:09 \\x1b[31mERROR\\x1b[0m upstream closed the connection",
    "    at fetchItems (items.ts:31:9)",
  ],
}`;

function cells(): string[] {
  const mod = JSON.stringify(join(ROOT, "mod.ts"));
  return Object.values(STATES).map(({ source, traits }) =>
    `{
    const { processWidget } = await import(${mod});
    const source = ${JSON.stringify(source ?? null)};
    // Polls once, before the traits are replaced.
    const widget = processWidget(
      source ?? { name: "shop", stdout: "/dev/null/a", stderr: "/dev/null/b" },
      { interval: 3_600_000 },
    );
    await widget.refresh();
    if (!source) widget.update({ ...${RUNNING}, error: null });
    widget.update({
      ...source ? {} : { process_dir: "/home/ada/projects/shop/processes/web" },
      ...${JSON.stringify(traits ?? {})},
    });
    await widget.display();
  }`
  );
}

/** Returns the first words of the labels of buttons that share an icon. */
function findSharedIcons({ page }: Notebook): Promise<string[][]> {
  return page.evaluate(() => {
    const verbs = new Map<string, Set<string>>();
    const add = (element: Element, verb: string) => {
      const icon = element.querySelector(".pw-icon")!.innerHTML;
      verbs.set(icon, (verbs.get(icon) ?? new Set()).add(verb));
    };
    for (const button of document.querySelectorAll(".pw-icon-button")) {
      add(button, button.getAttribute("aria-label")!.split(" ")[0]);
    }
    for (const part of document.querySelectorAll(".pw-title, .pw-pill")) {
      add(part, part.matches(".pw-title") ? "title" : part.textContent!);
    }
    return [...verbs.values()].filter(({ size }) => size > 1)
      .map((labels) => [...labels]);
  });
}

/** Takes screenshots of the widgets in each width. */
async function takeScreenshots(
  notebook: Notebook,
  suffix: string,
): Promise<void> {
  const { page } = notebook;
  for (const width of WIDTHS) {
    await page.addStyleTag({
      content: `.process-widget { width: ${width}px !important }`,
    });
    for (const [index, state] of Object.keys(STATES).entries()) {
      const { root } = notebook.widget(index);
      await root.scrollIntoViewIfNeeded();
      const path = join(SCREENSHOTS, `${state}-${suffix}-${width}.png`);
      await root.screenshot({ path, animations: "disabled" });
      const { scrollWidth, clientWidth } = await root.evaluate((element) => ({
        scrollWidth: element.scrollWidth,
        clientWidth: element.clientWidth,
      }));
      assertEquals(scrollWidth, clientWidth, `${state} overflows at ${width}`);
    }
  }
}

/** Switches JupyterLab to a theme. */
async function useTheme(notebook: Notebook, theme: string): Promise<void> {
  const { page } = notebook;
  const first = notebook.widget().root;
  if (await first.getAttribute("data-theme") === theme) return;
  const name = theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
  await notebook.choose("Settings", "Theme", name);
  await first.and(page.locator(`[data-theme="${theme}"]`)).waitFor();
  await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
}

Deno.test("Every state of a widget is accessible", async (t) => {
  await ensureDir(SCREENSHOTS);
  await using lab = await Lab.start();
  await using notebook = await lab.open(...cells());
  const { page } = notebook;
  await page.setViewportSize({ width: 1800, height: 1400 });
  // JupyterLab renders only cells that are in sight.
  for (const index of Object.keys(STATES).keys()) {
    await notebook.run(index);
    await notebook.widget(index).root.waitFor();
  }

  await t.step("with an icon of its own for each action", async () => {
    assertEquals(await findSharedIcons(notebook), []);
  });

  for (const theme of ["light", "dark"]) {
    await t.step(
      `in the ${theme} theme`,
      async () => {
        await useTheme(notebook, theme);
        for (const [index, state] of Object.keys(STATES).entries()) {
          const { root } = notebook.widget(index);
          assertEquals(await root.getAttribute("data-theme"), theme, state);
        }
        await takeScreenshots(notebook, theme);
        assertEquals(await findViolations(page), []);
        await notebook.widget(0).root.locator("summary").click();
        await notebook.widget(0).root.getByLabel("Search").first().click();
        await page.keyboard.type("in");
        assertEquals(await findViolations(page), []);
        await page.keyboard.press("Escape");
        await notebook.widget(0).root.getByLabel("Follow the end").first()
          .click();
        for (const name of ["Terminate the process", "Settings"]) {
          await notebook.widget(0).root.getByRole("button", { name }).click();
          await notebook.widget(0).root.screenshot({
            path: join(SCREENSHOTS, `${name}-${theme}.png`),
          });
          assertEquals(await findViolations(page), []);
          await page.keyboard.press("Escape");
        }
        await notebook.widget(0).root.locator("summary").click();
      },
    );
  }

  await t.step("after the kernel has shut down", async () => {
    await notebook.choose("Kernel", "Shut Down Kernel");
    for (const index of Object.keys(STATES).keys()) {
      await notebook.widget(index).hasConnection("gone", 5000);
    }
    for (const theme of ["light", "dark"]) {
      await useTheme(notebook, theme);
      await takeScreenshots(notebook, `gone-${theme}`);
      assertEquals(await findViolations(page), []);
    }
  });
  assertEquals(notebook.record.errors, []);
});
