import { assert, assertEquals } from "@std/assert";
import { renderHtml, summarize } from "../../../widget/fallback.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import { RUNNING } from "../traits.ts";

Deno.test("summarize describes a process in one line", () => {
  const summary = (traits: Partial<ProcessTraits>) =>
    summarize({ ...RUNNING, ...traits });
  assertEquals(summary({}), "server: running, pid 4242, up 3h 12m");
  assertEquals(
    summary({ status: "stopped", pid: null, uptime: "-" }),
    "server: stopped",
  );
  assertEquals(
    summary({ status: "unhealthy", health_message: "no disk" }),
    "server: unhealthy, pid 4242, up 3h 12m, no disk",
  );
  assertEquals(
    summary({ status: "unknown", pid: null, uptime: "-" }),
    "server: waiting for /srv/server to appear",
  );
  assertEquals(
    summary({ status: "stopped", pid: null, uptime: "-", error: "a\nb" }),
    "server: stopped, a; b",
  );
});

Deno.test("renderHtml escapes everything that the process provides", () => {
  const evil = `<script>alert("x")</script>&'`;
  const html = renderHtml(
    { ...RUNNING, name: evil, stdout_lines: [evil], stderr_lines: [evil] },
    new Date(0),
  );
  assert(!html.includes("<script"));
  assertEquals(html.split("&lt;script&gt;alert(&quot;x&quot;)").length, 4);
});
