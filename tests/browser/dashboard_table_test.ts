/** The table of a dashboard with a model, but without Jupyter. */
import { assert, assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { until } from "../files/support.ts";
import {
  dashboardTraits,
  ENDED,
  type RowSpec,
  RUNNING_ROW,
} from "../unit/dashboard_rows.ts";
import { RUNNING } from "../unit/traits.ts";
import { BarePage } from "./support/bare_page.ts";
import { DashboardView } from "./support/dashboard_view.ts";
import { findViolations } from "./support/violations.ts";

/** Returns rows whose CPU usage increases, with names in this order. */
function numberedRows(count: number): RowSpec[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `row-${at + 1}`,
    usage: [[Date.now() / 1000, at + 1, 1e6]],
  }));
}

/** Returns the traits of the card in the row of a process. */
function detailTraits(id: string, name: string): Record<string, unknown> {
  const traits = { ...RUNNING, name, stdout_lines: ["one line"] };
  return Object.fromEntries(
    Object.entries(traits).map(([trait, value]) => [`${id}/${trait}`, value]),
  );
}

async function open(
  rows: readonly RowSpec[],
  others?: Record<string, unknown>,
  reachable = true,
) {
  const traits = dashboardTraits(rows, others);
  const bare = await BarePage.openDashboard(traits, { reachable });
  return { bare, page: bare.page, view: new DashboardView(bare.page) };
}

async function scrollTop(view: DashboardView): Promise<number> {
  return await view.table.evaluate((table) => table.scrollTop);
}

/** Returns the row and the column of the focused cell, and its line. */
function focusedCell(view: DashboardView): Promise<string> {
  return view.root.evaluate(() => {
    const cell = document.activeElement!.closest("[data-column]");
    const row = cell?.closest("[aria-rowindex]");
    const name = row?.querySelector("[data-column=name]")?.textContent ??
      "detail";
    const column = cell?.getAttribute("data-column");
    return `${row?.getAttribute("aria-rowindex")} ${name} ${column}`;
  });
}

async function isFocused(element: Locator): Promise<boolean> {
  return await element.evaluate((one) => one === document.activeElement);
}

Deno.test("The table is an ARIA grid that is operated with the keyboard", async (t) => {
  const { bare, page, view } = await open(numberedRows(100), {
    ...detailTraits("p2", "row-2"),
  });
  await using _ = bare;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
    return await focusedCell(view);
  };

  await t.step("it tells how many rows and columns it has", async () => {
    assertEquals(await view.table.getAttribute("aria-rowcount"), "101");
    const columns = await view.table.getAttribute("aria-colcount");
    const header = view.root.getByRole("columnheader");
    assertEquals(await header.count(), Number(columns));
    assert(await view.rows.count() < 30);
    const first = view.row("row-1");
    assertEquals(await first.getAttribute("aria-rowindex"), "2");
    const sorted = view.root.getByRole("columnheader", { name: "Name" });
    assertEquals(await sorted.getAttribute("aria-sort"), "ascending");
  });

  await t.step("one cell of it can be reached with Tab", async () => {
    await view.filter.focus();
    assertEquals(await press("Tab"), "1 Name name");
    assertEquals(
      await view.table.locator(":is([tabindex='0'], input:not([tabindex]))")
        .count(),
      1,
    );
    await page.keyboard.press("Tab");
    const inTable = view.table.locator(":focus");
    assertEquals(await inTable.count(), 0);
    assertEquals(await press("Shift+Tab"), "1 Name name");
  });

  await t.step("arrows, Home, End and pages move the focus", async () => {
    assertEquals(await press("ArrowDown"), "2 row-1 name");
    assertEquals(await press("ArrowLeft"), "2 row-1 status");
    assertEquals(await press("Home"), "2 row-1 select");
    assertEquals(await press("End"), "2 row-1 actions");
    assertEquals(await press("Home", "ArrowDown"), "3 row-2 select");
    const page = Number((await press("PageDown")).split(" ")[0]) - 3;
    assert(page >= 8 && page <= 13, `${page} rows`);
    assertEquals(await press("PageUp"), "3 row-2 select");
    assertEquals(await press("Control+End"), "101 row-100 actions");
    assertEquals(await press("Control+Home"), "1 Name select");
  });

  await t.step("the focused cell is in sight", async () => {
    await press("Control+End");
    const last = view.row("row-100");
    const table = await view.table.boundingBox();
    const box = await last.boundingBox();
    assert(box!.y + box!.height <= table!.y + table!.height + 1);
    await view.table.evaluate((table) => table.scrollTop = 0);
    await view.row("row-1").waitFor();
    // The focus must not get lost while its row is out of sight.
    assertEquals(await focusedCell(view), "101 row-100 actions");
    assertEquals(await press("ArrowUp"), "100 row-99 actions");
  });

  await t.step("Enter and Escape lead into a cell and out of it", async () => {
    assertEquals(await press("Enter"), "100 row-99 actions");
    const buttons = view.cell("row-99", "actions").getByRole("button");
    assert(await isFocused(buttons.first()));
    await press("ArrowRight");
    assert(await isFocused(buttons.nth(1)));
    await press("Escape");
    assert(await isFocused(view.cell("row-99", "actions")));
    await press("F2");
    assert(await isFocused(buttons.first()));
    await press("Escape");
  });

  await t.step("Enter expands a row, and its details are a line", async () => {
    await press("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight");
    assertEquals(await press("ArrowDown", "ArrowDown"), "3 row-2 name");
    await press("Enter");
    await view.card("row-2").getByText("one line").waitFor();
    assertEquals(await view.table.getAttribute("aria-rowcount"), "102");
    assertEquals(await press("ArrowDown"), "4 detail detail");
    await press("Enter");
    const freeze = view.card("row-2").getByRole("button").first();
    assert(await isFocused(freeze));
    assertEquals(await press("Escape"), "4 detail detail");
    assertEquals(await press("ArrowDown"), "5 row-3 name");
    assertEquals(await press("ArrowUp", "ArrowUp"), "3 row-2 name");
    await press("Enter");
    await view.card("row-2").waitFor({ state: "detached" });
  });

  await t.step("Space selects rows, with Shift a range of them", async () => {
    await press("Space", "ArrowDown", "ArrowDown", "Shift+Space");
    await view.root.getByText("3 selected").waitFor();
    const selected = view.root.locator("[aria-selected=true]");
    assertEquals(await selected.count(), 3);
    await press("Shift+ArrowDown");
    await view.root.getByText("4 selected").waitFor();
    await press("Escape");
    await view.root.getByText("100 processes").waitFor();
    await press("Control+a");
    await view.root.getByText("100 selected").waitFor();
    await press("Control+a");
    await view.root.getByText("100 processes").waitFor();
  });

  await t.step("a header sorts with Enter", async () => {
    await press("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight");
    await press("Enter");
    await view.row("row-100").waitFor();
    const sorted = view.root.getByRole("columnheader", { name: "Name" });
    assertEquals(await sorted.getAttribute("aria-sort"), "descending");
    assertEquals((await view.names())[0], "row-100");
  });

  await t.step("a question returns the focus to its button", async () => {
    await view.row("row-100").hover();
    await view.button("Terminate row-100").click();
    const question = view.root.getByRole("alertdialog");
    assert(await isFocused(question.getByRole("button", { name: "Cancel" })));
    await page.keyboard.press("Escape");
    assert(await isFocused(view.button("Terminate row-100")));
  });
  assertEquals(bare.errors, []);
});

Deno.test("The table stays in place while rows change", async (t) => {
  const { bare, page, view } = await open(numberedRows(100));
  await using _ = bare;
  const ids = Array.from({ length: 100 }, (_, at) => `p${at + 1}`);
  const topOf = async (name: string) => (await view.row(name).boundingBox())!.y;
  /** Gives the rows CPU usages in this order. */
  const use = (cpu: (row: number) => number) =>
    bare.receive(Object.fromEntries(
      ids.map((id, at) => [`usage:${id}`, [[Date.now() / 1000, cpu(at), 1]]]),
    ));

  await t.step("rows that appear or leave above do not move it", async () => {
    await view.table.evaluate((table) => table.scrollTop = 1000);
    await view.row("row-30").waitFor();
    const before = await topOf("row-30");
    await bare.receive({
      ids: [...ids, "p101", "p102"],
      "row:p101": { ...RUNNING_ROW, name: "a-first" },
      "row:p102": { ...RUNNING_ROW, name: "b-second" },
    });
    await until(async () => await scrollTop(view) === 1072);
    assertEquals(await topOf("row-30"), before);
    await bare.receive({ ids: ids.slice(1) });
    await until(async () => await scrollTop(view) === 964);
    assertEquals(await topOf("row-30"), before);
    await bare.receive({ ids });
    await until(async () => await scrollTop(view) === 1000);
  });

  await t.step("an expanded row above does not move it", async () => {
    const before = await topOf("row-30");
    await bare.receive({ ...detailTraits("p2", "row-2"), expanded: ["p2"] });
    await until(async () => await scrollTop(view) > 1200);
    assertEquals(await topOf("row-30"), before);
    await bare.receive({ expanded: [] });
    await until(async () => await scrollTop(view) === 1000);
    assertEquals(await topOf("row-30"), before);
  });

  await t.step("rows in another order do not scroll it", async () => {
    await view.sort("CPU");
    assertEquals(await scrollTop(view), 0);
    assertEquals((await view.names())[0], "row-100");
    await view.table.evaluate((table) => table.scrollTop = 500);
    await page.mouse.move(0, 0);
    await view.filter.focus();
    const before = await view.names();
    await use((row) => (row * 37) % 100);
    await until(async () => String(await view.names()) !== String(before));
    assertEquals(await scrollTop(view), 500);
  });

  await t.step(
    "rows keep their order while the pointer is on them",
    async () => {
      await use((row) => row);
      await view.table.evaluate((table) => table.scrollTop = 0);
      await until(async () => (await view.names())[0] === "row-100");
      await view.row("row-99").hover();
      await use((row) => 100 - row);
      await view.cell("row-100", "cpu").getByText("1.0 %").waitFor();
      assertEquals((await view.names()).slice(0, 2), ["row-100", "row-99"]);
      await view.filter.hover();
      await until(async () => (await view.names())[0] === "row-1");
    },
  );

  await t.step("but not for long", async () => {
    await view.row("row-2").hover();
    await use((row) => row);
    await view.cell("row-1", "cpu").getByText("0.0 %").waitFor();
    assertEquals((await view.names())[0], "row-1");
    await until(async () => (await view.names())[0] === "row-100");
  });

  await t.step("the focus follows its row", async () => {
    await view.cell("row-98", "name").click();
    await page.mouse.move(0, 0);
    await use((row) => row === 97 ? 1000 : row);
    await until(async () => (await view.names())[0] === "row-98");
    assertEquals(await focusedCell(view), "2 row-98 name");
  });

  await t.step("the focus stays in the table when its row leaves", async () => {
    await bare.receive({ ids: ids.filter((id) => id !== "p98") });
    await view.hasNo("row-98", 5000);
    await until(async () => await focusedCell(view) === "2 row-100 name");
  });
  assertEquals(bare.errors, []);
});

Deno.test("A dashboard tells the kernel which rows are in sight", async () => {
  const { bare, view } = await open(numberedRows(100), {
    ...detailTraits("p90", "row-90"),
  });
  await using _ = bare;
  const seen = async () => {
    const sent = await bare.sent();
    return (sent.at(-1)?.ids ?? []) as string[];
  };
  await until(async () => (await seen()).includes("p5"));
  const count = (await bare.sent()).length;
  await bare.receive({ "row:p1": { ...RUNNING_ROW, name: "row-1" } });
  await view.table.evaluate((table) => table.scrollTop = 1800);
  await until(async () => (await seen()).includes("p55"));
  assert(!(await seen()).includes("p5"));
  await bare.receive({ expanded: ["p90"] });
  await until(async () => (await seen()).includes("p90"));
  assertEquals((await bare.sent()).length, count + 2);
});

Deno.test("A dashboard without a kernel sorts, filters and expands", async () => {
  const rows = numberedRows(3);
  const { bare, view } = await open(rows, detailTraits("p2", "row-2"), false);
  await using _ = bare;
  assertEquals(await view.root.getByRole("checkbox").count(), 0);
  assertEquals(await view.button(/New|Poll|Pause/).count(), 0);
  await view.sort("CPU");
  assertEquals(await view.names(), ["row-3", "row-2", "row-1"]);
  await view.filter.fill("row-2");
  await view.root.getByText("1 of 3 processes").waitFor();
  await view.toggle("row-2");
  await view.card("row-2").getByText("one line").waitFor();
  await view.filter.fill("row-3");
  await view.toggle("row-3");
  await view.root.getByText("Loading").waitFor();
  assertEquals(await bare.sent(), []);
  assertEquals(bare.errors, []);
});

const HOSTILE = `<img src=x onerror="document.title='hacked'">`;

Deno.test("Text of processes is only text", async () => {
  const { bare, page, view } = await open([{
    name: HOSTILE,
    command: [HOSTILE],
    health_status: HOSTILE,
    health_message: HOSTILE,
    last_line: `\x1b]0;title\x07${HOSTILE}\x1b[31m${HOSTILE}\r${HOSTILE}`,
    last_stream: "stderr",
    action: { control: "start", state: "failed", reason: HOSTILE },
  }, { name: "plain", last_line: HOSTILE, error: null }], {
    dir: HOSTILE,
    error: HOSTILE,
  });
  await using _ = bare;
  await view.row(HOSTILE).waitFor();
  assertEquals(await page.locator("img").count(), 0);
  assertEquals(await page.title(), "");
  assertEquals(bare.errors, []);
});

/** What differs in the row of a job that waits for its turn. */
const PENDING = {
  status: "pending",
  pid: null,
  started_at: null,
  job_reason: "it waits for free resources (Resources)",
} as const satisfies RowSpec;

Deno.test("Jobs say why they are pending, and that Slurm does not respond", async () => {
  const silent = {
    scheduler_notice: "Slurm does not respond: no route to host",
    scheduler_at: Date.now() - 120_000,
  };
  const { bare, view } = await open([
    { name: "first", ...PENDING, ...silent, last_line: "of an earlier run" },
    { name: "second", ...silent },
    { name: "third", ...ENDED, exit_code: 1, exit_note: "out of memory" },
  ]);
  await using _ = bare;
  const output = view.cell("first", "output");
  assertEquals(await output.textContent(), PENDING.job_reason);
  // Once for the scheduler, not once per job.
  const notice = view.root.locator("[data-notice]");
  assertEquals(
    await notice.innerText(),
    `${silent.scheduler_notice}. Its last answer was 2 min ago`,
  );
  const exit = view.row("third").getByTitle("code 1, out of memory");
  assertEquals(await exit.count(), 1);
});

/** A row of each kind. */
const MIXED: RowSpec[] = [
  { name: "failed", ...ENDED, status: "failed", exit_code: 1 },
  {
    name: "unhealthy",
    status: "unhealthy",
    health_status: "degraded",
    health_timestamp: 1000,
  },
  { name: "suspended", status: "suspended" },
  { name: "pending", ...PENDING },
  {
    name: "running",
    health_status: "healthy",
    usage: [[Date.now() / 1000 - 60, 5, 1e7], [Date.now() / 1000, 50, 2e7]],
    last_line: "\x1b[32mok\x1b[0m",
    last_stream: "stderr",
  },
  { name: "stopped", ...ENDED },
  { name: "unknown", ...ENDED, status: "unknown" },
  {
    name: "busy",
    action: { control: "restart", state: "running", reason: null },
  },
  {
    name: "refused",
    action: { control: "terminate", state: "failed", reason: "Not permitted" },
  },
];

Deno.test("A dashboard is accessible in all of its states", async (t) => {
  const { bare, page, view } = await open(MIXED, {
    ...detailTraits("p5", "running"),
    error: "Cannot read '/srv'",
    polling_active: false,
  });
  await using _ = bare;
  const isAccessible = async () => {
    assertEquals(await findViolations(page), []);
  };
  for (const theme of ["light", "dark"]) {
    await bare.receive({ theme });
    await t.step(`a table in the ${theme} theme`, isAccessible);
    await t.step(`a selection in the ${theme} theme`, async () => {
      await view.root.getByLabel("Select all").click();
      await view.row("running").hover();
      await isAccessible();
      await view.button(/^Restart/).last().click();
      await isAccessible();
      await page.keyboard.press("Escape");
      await view.button("Clear the selection").click();
    });
    await t.step(`an expanded row in the ${theme} theme`, async () => {
      await view.toggle("running");
      await view.card("running").waitFor();
      await isAccessible();
      await view.toggle("running");
    });
    await t.step(`a form in the ${theme} theme`, async () => {
      await view.button(/^New/).click();
      await view.root.getByRole("form").getByRole("button", { name: "Start" })
        .click();
      const sent = await bare.sent();
      const { request } = sent.findLast(({ control }) => control === "create")!;
      const errors = { name: "No name", form: "No space left" };
      const creation = { request, name: "", state: "failed", errors };
      await bare.receive({ creation });
      await view.root.getByText("No space left").waitFor();
      await isAccessible();
      await page.keyboard.press("Escape");
    });
    await t.step(`nothing that matches in the ${theme} theme`, async () => {
      await view.filter.fill("nothing");
      await isAccessible();
      await view.filter.fill("");
    });
    await t.step(`a list in the ${theme} theme`, async () => {
      await page.setViewportSize({ width: 400, height: 800 });
      await view.table.and(page.locator("[data-layout=list]")).waitFor();
      await isAccessible();
      await page.setViewportSize({ width: 1000, height: 800 });
    });
  }
  assertEquals(bare.errors, []);
});

Deno.test("A dashboard respects the reader's system preferences", async (t) => {
  const { bare, page, view } = await open(MIXED);
  await using _ = bare;

  await t.step("nothing moves with reduced motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    const moving = await view.root.evaluate((root) =>
      [root, ...root.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.transitionDuration) > 0.01 ||
          style.animationName !== "none";
      }).map((element) => element.outerHTML)
    );
    assertEquals(moving, []);
  });

  await t.step("a selected row is visible with forced colors", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    await view.select("running");
    const outline = await view.row("running").evaluate((row) =>
      getComputedStyle(row).outlineStyle
    );
    assertEquals(outline, "solid");
    const chip = view.chip("failed");
    const border = await chip.evaluate((chip) =>
      getComputedStyle(chip).borderTopWidth
    );
    assertEquals(border, "1px");
  });

  await t.step("buttons are always there on a touch screen", async () => {
    const traits = dashboardTraits(MIXED);
    await using touch = await BarePage.openDashboard(traits, {
      viewport: { width: 1000, height: 800 },
      isTouch: true,
    });
    const button = new DashboardView(touch.page).button("Restart running");
    await button.waitFor();
    assertEquals(
      await button.evaluate((one) =>
        getComputedStyle(one.parentElement!).opacity
      ),
      "1",
    );
  });
});
