/** Text from files and logs is never interpreted as code or markup. */
import { assert, assertEquals } from "@std/assert";
import { BarePage } from "./support/bare_page.ts";

/** Texts that call `hacked()` if a page executes them. */
const HOSTILE = [
  `<script>hacked()</script>`,
  `<img src=x onerror="hacked()">`,
  `<svg onload="hacked()"><animate onbegin="hacked()" /></svg>`,
  `"><iframe srcdoc="<script>parent.hacked()</script>">`,
  `javascript:hacked()`,
  `JavaScript://%0ahacked()`,
  `data:text/html,<script>hacked()</script>`,
  `http://"onmouseover="hacked()"x="`,
  `https://example.org/<img src=x onerror=hacked()>`,
  `\x1b]8;;javascript:hacked()\x1b\\click\x1b]8;;\x1b\\`,
  `\x1b]0;<img src=x onerror=hacked()>\x07`,
  `\x1b[38;2;1;2;3;url(javascript:hacked())mred`,
  `</style><style>*{display:none}</style>`,
  "${hacked()} {{hacked()}} `hacked()`",
  `\u202e)(dekcah\u2066 \u2028 \u2029 \0`,
  `__proto__`,
  `https://user:pass@[::1]:99999/`,
];

Deno.test("Text of a process neither runs nor breaks the widget", async () => {
  const all = HOSTILE.join(" ");
  await using bare = await BarePage.open({
    name: all,
    process_dir: all,
    command: HOSTILE,
    error: all,
    status: "unhealthy",
    health_status: all,
    health_message: all,
    health_details: { [all]: HOSTILE, __proto__: { hacked: true } },
    stdout_lines: HOSTILE,
    stderr_lines: ["x".repeat(1_000_000), "<b>".repeat(10_000), ...HOSTILE],
  });
  const { page, widget } = bare;
  await page.evaluate(() => {
    Object.assign(globalThis, { hacked: () => document.title = "hacked" });
  });
  await bare.receive({ stdout_lines: [...HOSTILE, "once more"] });
  await widget.root.locator("summary").click();
  for (const box of await widget.root.locator("a").all()) await box.hover();
  await page.mouse.move(500, 300);

  assertEquals(await page.title(), "");
  const injected = widget.root.locator("script, img, iframe, style, animate");
  assertEquals(await injected.count(), 0);
  const links = await widget.root.locator("a").evaluateAll((anchors) =>
    anchors.map((link) => ({
      protocol: (link as HTMLAnchorElement).protocol,
      rel: (link as HTMLAnchorElement).rel,
      target: (link as HTMLAnchorElement).target,
    }))
  );
  assert(links.length > 0);
  for (const { protocol, rel, target } of links) {
    assert(["http:", "https:"].includes(protocol), protocol);
    assertEquals([rel, target], ["noopener noreferrer", "_blank"]);
  }

  for (const width of [320, 700, 1200]) {
    await page.setViewportSize({ width, height: 800 });
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    assertEquals(scroll, client, `overflows at ${width}`);
    for (const stream of ["stdout", "stderr"] as const) {
      const { height } = (await widget.log(stream).boundingBox())!;
      assertEquals(height, 180);
    }
  }
  assertEquals(bare.errors, []);
});
