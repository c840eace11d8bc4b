import { assert, assertEquals } from "@std/assert";
import { BarePage } from "./support/bare_page.ts";

Deno.test("A widget respects the reader's system preferences", async (t) => {
  await using bare = await BarePage.open({
    status: "unhealthy",
    usage_history: [[0, 10, 1e6], [1, 20, 2e6], [2, 30, 3e6]],
  });
  const { page, widget } = bare;

  await t.step("nothing moves with reduced motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    const moving = await widget.root.evaluate((root) =>
      [root, ...root.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.transitionDuration) > 0.01 ||
          style.animationName !== "none";
      }).map((element) => element.className)
    );
    assertEquals(moving, []);
  });

  await t.step("everything has an outline with forced colors", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    const canvas = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("p"));
      probe.style.background = "Canvas";
      const color = getComputedStyle(probe).backgroundColor;
      probe.remove();
      return color;
    });
    const outlined = (selector: string) =>
      widget.root.locator(selector).first().evaluate((element, canvas) => {
        const { borderTopWidth, borderTopColor } = getComputedStyle(element);
        return parseFloat(borderTopWidth) >= 1 && borderTopColor !== canvas;
      }, canvas);
    for (const selector of [".pw-icon-button", ".pw-log-frame", ".pw-pill"]) {
      assert(await outlined(selector), `${selector} has no outline`);
    }
    const plot = widget.root.locator(".pw-plot").first();
    assertEquals(
      await plot.evaluate((el) => getComputedStyle(el).backgroundColor),
      canvas,
    );
    const curve = widget.root.locator(".pw-curve").first();
    const stroke = await curve.evaluate((el) => getComputedStyle(el).stroke);
    assert(stroke !== canvas && stroke !== "none", stroke);
  });
  assertEquals(bare.errors, []);
});
