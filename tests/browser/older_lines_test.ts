import { assert, assertEquals } from "@std/assert";
import { until } from "../files/support.ts";
import { BarePage, type PageGlobals } from "./support/bare_page.ts";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

Deno.test("A log pane keeps its reader in place while older lines arrive", async () => {
  await using bare = await BarePage.open({
    stdout_first: 0,
    stdout_lines: numbers(4000, 5000),
    stdout_lines_patch: { sequence: 1, start: 5000, items: [], whole: true },
  });
  const { widget } = bare;
  const log = widget.log("stdout");
  const older = (from: number, to: number) =>
    bare.receive({
      stdout_lines_older: { start: from, items: numbers(from, to) },
    });
  /** Returns the text of the row at the top of the pane. */
  const topRow = () =>
    log.evaluate((pane) => {
      const { top } = pane.getBoundingClientRect();
      const rows = [...pane.querySelectorAll(".pw-line")];
      return rows.find((row) => row.getBoundingClientRect().bottom > top + 9)
        ?.textContent;
    });

  await widget.shows("line 4999", 5000);
  await older(3000, 4000);
  await widget.shows("line 4999", 5000);
  assert(await topRow() !== "line 3000", "it follows the end");

  await log.evaluate((pane) => pane.scrollTop = 500 * 18);
  await until(async () => await topRow() === "line 3500");
  await older(0, 3000);
  await until(() => log.evaluate((pane) => pane.scrollHeight >= 5000 * 18));
  assertEquals(await topRow(), "line 3500");
  await log.evaluate((pane) => pane.scrollTop = 0);
  await widget.shows("line 0", 5000);
  assertEquals(bare.errors, []);
});

Deno.test("A log pane shows every line of a log that is too high for a browser", async () => {
  await using bare = await BarePage.open();
  const { page, widget } = bare;
  await page.evaluate(() => {
    const { receive } = globalThis as unknown as PageGlobals;
    receive({
      stdout_lines: Array.from(
        { length: 10_000 },
        (_, number) => `line ${number} `.padEnd(16_000, "x"),
      ),
    });
  });
  const log = widget.log("stdout");
  await widget.shows("line 9999 ", 5000);
  const scroll = (share: number) =>
    log.evaluate(
      (pane, share) => pane.scrollTop = share * pane.scrollHeight,
      share,
    );
  const shown = async () => {
    const [first] = await widget.lines().allInnerTexts();
    return parseInt(first.slice("line ".length));
  };
  await scroll(0);
  await until(async () => await shown() === 0);
  await scroll(0.5);
  await until(async () => Math.abs(await shown() - 5000) < 10);
  // Scrolling on by a row moves on by at least one.
  const before = await shown();
  await log.evaluate((pane) => pane.scrollTop += 5000);
  await until(async () => await shown() > before);
  await scroll(1);
  await until(async () => await shown() > 9990);
  await widget.shows("line 9999 ", 5000);
  assertEquals(bare.errors, []);
});
