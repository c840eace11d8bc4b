import { assert, assertEquals } from "@std/assert";
import { renderHtml, summarize } from "../../../widget/fallback.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import { RUNNING } from "../traits.ts";

function summaryWith(traits: Partial<ProcessTraits>): string {
  return summarize({ ...RUNNING, ...traits });
}

Deno.test("summarize describes a process in one line", () => {
  assertEquals(summaryWith({}), "server: running, pid 4242, up 3h 12m");
  assertEquals(
    summaryWith({ status: "stopped", pid: null, uptime: "-" }),
    "server: stopped",
  );
  assertEquals(
    summaryWith({ status: "suspended" }),
    "server: suspended, pid 4242, up 3h 12m",
  );
  assertEquals(
    summaryWith({ status: "unhealthy", health_message: "no disk" }),
    "server: unhealthy, pid 4242, up 3h 12m, no disk",
  );
  assertEquals(
    summaryWith({ status: "unknown", pid: null, uptime: "-" }),
    "server: waiting for /srv/server to appear",
  );
  assertEquals(
    summaryWith({ status: "stopped", pid: null, uptime: "-", error: "a\nb" }),
    "server: stopped, a; b",
  );
  assertEquals(
    summaryWith({
      status: "pending",
      pid: null,
      uptime: "-",
      job_id: "12",
      job_reason: "it waits for free resources (Resources)",
    }),
    "server: pending, job 12, it waits for free resources (Resources)",
  );
});

Deno.test("renderHtml escapes all text of the process", () => {
  const evil = `<script>alert("x")</script>&'`;
  const html = renderHtml(
    { ...RUNNING, name: evil, stdout_lines: [evil], stderr_lines: [evil] },
    new Date(0),
  );
  assert(!html.includes("<script"));
  const escaped = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;";
  assertEquals(html.split(escaped).length, 4, "name, stdout and stderr");
});
