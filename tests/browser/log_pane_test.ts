import { assert, assertEquals } from "@std/assert";
import { until } from "../files/support.ts";
import { BarePage } from "./support/bare_page.ts";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

Deno.test("A log pane serves its reader", async (t) => {
  await using bare = await BarePage.open({ stdout_lines: numbers(0, 5000) });
  const { page, widget } = bare;
  const log = widget.log("stdout");
  const tools = widget.root.getByRole("toolbar", { name: "Recent logs tools" });
  const lastLine = async () => (await widget.lines().allInnerTexts()).at(-1);
  const fromEnd = () =>
    log.evaluate((el) => el.scrollHeight - el.clientHeight - el.scrollTop);
  let patches = 0;
  let end = 5000;
  const grow = async (count: number) => {
    const start = end;
    end += count;
    await bare.receive({
      stdout_first: end - 5000,
      stdout_lines_patch: {
        sequence: ++patches,
        start,
        items: numbers(start, end),
      },
    });
  };

  /** Replaces the whole list. */
  const replace = async (first: number, lines: string[]) => {
    const start = first + lines.length;
    await bare.receive({
      stdout_first: first,
      stdout_lines: lines,
      stdout_lines_patch: {
        sequence: ++patches,
        start,
        items: [],
        whole: true,
      },
    });
  };

  await t.step("draws only the visible part of a long log", async () => {
    assert(await widget.lines().count() < 60);
    assertEquals(await lastLine(), "line 4999");
    assertEquals(await log.evaluate((el) => el.scrollHeight), 5000 * 18);
  });

  await t.step("follows the end", async () => {
    await grow(100);
    assertEquals(await lastLine(), "line 5099");
    assert(await fromEnd() <= 5);
  });

  const followButton = tools.getByRole("button", { name: "Follow the end" });
  const following = () => followButton.getAttribute("aria-pressed");

  await t.step("holds, counts new lines, and follows again", async () => {
    assertEquals(await following(), "true");
    await followButton.click();
    assertEquals(await following(), "false");
    const held = widget.lines().filter({ hasText: "line 5099" });
    const before = await held.boundingBox();
    await grow(3);
    await grow(4997);
    assertEquals(await held.boundingBox(), before);
    await widget.root.getByRole("button", { name: "5000 new lines" }).click();
    assertEquals(await lastLine(), "line 10099");
    assertEquals(await widget.root.locator(".pw-fresh").count(), 0);
  });

  await t.step("keeps text selected while the log moves on", async () => {
    const line = widget.lines().filter({ hasText: "line 10095" });
    await line.click({ clickCount: 3 });
    await grow(5000);
    await grow(10);
    const selected = () => page.evaluate(() => `${getSelection()}`.trim());
    assertEquals(await selected(), "line 10095");
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await followButton.click();
  });

  await t.step("takes one line while it is empty", async () => {
    const errors = widget.root.getByRole("group", { name: "Recent errors" });
    const box = async () => (await errors.boundingBox())!;
    const width = async () => (await log.boundingBox())!.width;
    const place = async () => {
      const line = widget.lines().filter({ hasText: "line 15100" });
      return (await line.boundingBox())!.y;
    };
    assertEquals((await box()).height, 20);
    assertEquals(await errors.getByRole("button").count(), 0);
    await followButton.click();
    const before = { width: await width(), place: await place() };

    await bare.receive({ stderr_lines: ["an error"] });
    assert((await box()).height > 180);
    await until(async () => await width() < before.width / 2);
    assertEquals(await place(), before.place);

    await bare.receive({ stderr_first: 1, stderr_lines: [] });
    assertEquals((await box()).height, 20);
    await followButton.click();
    assertEquals(await lastLine(), "line 15109");
  });

  await t.step("finds text forwards and backwards", async () => {
    await tools.getByRole("button", { name: "Search" }).click();
    await page.keyboard.type("LINE 1250");
    const count = widget.root.locator(".pw-count");
    assertEquals(await count.innerText(), "10 of 10");
    const current = widget.root.locator('.pw-match[data-current="true"]');
    const found = () => current.locator("xpath=..").innerText();
    assertEquals(await found(), "line 12509");
    await page.keyboard.press("Enter");
    assertEquals(await count.innerText(), "1 of 10");
    assertEquals(await found(), "line 12500");
    await page.keyboard.press("Shift+Enter");
    assertEquals(await found(), "line 12509");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("nowhere");
    assertEquals(await count.innerText(), "No match");
    await page.keyboard.press("Escape");
    assertEquals(await widget.root.locator(".pw-search").count(), 0);
    const opener = tools.getByRole("button", { name: "Search" });
    assert(await opener.evaluate((el) => el === document.activeElement));
    await followButton.click();
  });

  await t.step("copies all lines, not only the visible ones", async () => {
    await page.context().grantPermissions(["clipboard-read"]);
    await tools.getByRole("button", { name: "Copy all lines" }).click();
    await widget.root.getByText("Copied").first().waitFor();
  });

  await t.step("clears the view, and shows later lines", async () => {
    await tools.getByRole("button", { name: "Clear the view" }).click();
    await log.getByText("Cleared in this view").waitFor();
    await grow(2);
    assertEquals(await widget.lines().count(), 2);
  });

  await t.step("scrolls by keyboard without trapping the focus", async () => {
    await grow(50);
    await log.focus();
    await page.keyboard.press("PageUp");
    // Browsers scroll smoothly.
    await until(async () => await fromEnd() >= 100);
    await page.keyboard.press("Tab");
    assert(!await log.evaluate((el) => el === document.activeElement));
  });

  await t.step("shows one stream at a time in tabs", async () => {
    const layout = widget.root.getByRole("toolbar", {
      name: "Layout of the logs",
    });
    await layout.getByRole("button", { name: "In tabs, or as one" }).click();
    assertEquals(await widget.log("stderr").isVisible(), false);
    assertEquals(await log.isVisible(), false);
    await widget.root.getByRole("tab", { name: "Recent logs" }).click();
    assertEquals(await log.isVisible(), true);
    await page.keyboard.press("ArrowRight");
    assertEquals(await widget.log("stderr").isVisible(), true);
    assertEquals(await log.isVisible(), false);
    await layout.getByRole("button", { name: "Side by side" }).click();
    assertEquals(await log.isVisible(), true);
  });

  await t.step(
    "shows both streams in one, in the order of arrival",
    async () => {
      const layout = widget.root.getByRole("toolbar", {
        name: "Layout of the logs",
      });
      await layout.getByRole("button", { name: "In tabs, or as one" }).click();
      await widget.root.getByRole("tab", { name: "All output" }).click();
      await replace(end, ["out 1"]);
      await bare.receive({ stderr_lines: [] });
      await bare.receive({ stderr_lines: ["err 1"] });
      await replace(end, ["out 1", "out 2"]);
      const merged = widget.root.locator('[data-stream="merged"] .pw-line');
      assertEquals((await merged.allInnerTexts()).slice(-3), [
        "out 1",
        "err 1",
        "out 2",
      ]);
      const origins = await merged.evaluateAll((lines) =>
        lines.slice(-3).map((line) => line.getAttribute("data-origin"))
      );
      assertEquals(origins, ["stdout", "stderr", "stdout"]);
      await layout.getByRole("button", { name: "Side by side" }).click();
    },
  );

  await t.step("wraps long lines or scrolls sideways", async () => {
    await replace(end + 2, ["x".repeat(1000), "日本語🎉".repeat(90)]);
    const isWide = () => log.evaluate((el) => el.scrollWidth > el.clientWidth);
    assertEquals(await isWide(), false);
    const drawn = await widget.root.locator('[data-stream="stdout"]').evaluate(
      (el) => ({
        reserved: el.querySelector<HTMLElement>(".pw-rows")!.offsetHeight,
        actual: el.querySelector<HTMLElement>(".pw-rows > div")!.offsetHeight,
      }),
    );
    assertEquals(drawn.reserved, drawn.actual);
    await widget.root.getByRole("button", { name: "Wrap long lines" }).click();
    assertEquals(await isWide(), true);
  });
  assertEquals(bare.errors, []);
});
