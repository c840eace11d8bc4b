import { assert, assertEquals } from "@std/assert";
import { htmlOf, summaryOf } from "../../frontend/fallback.ts";
import type { ProcessTraits } from "../../widget.ts";

const RUNNING: ProcessTraits = {
  name: "server",
  process_dir: "/srv/server",
  status: "running",
  pid: 123,
  uptime: "42s",
  started_at: null,
  command: null,
  ttl_seconds: null,
  exit_code: null,
  exit_signal: null,
  exited_at: null,
  exit_reason: null,
  health_status: null,
  health_message: null,
  stdout_lines: [],
  stderr_lines: [],
  theme: "auto",
  polling_active: true,
  polling_interval: 1,
  error: null,
};

Deno.test("summaryOf says in a line how a process is doing", () => {
  const summary = (traits: Partial<ProcessTraits>) =>
    summaryOf({ ...RUNNING, ...traits });
  assertEquals(summary({}), "server: running, pid 123, up 42s");
  assertEquals(
    summary({ status: "stopped", pid: null, uptime: "-" }),
    "server: stopped",
  );
  assertEquals(
    summary({ status: "unhealthy", health_message: "no disk" }),
    "server: unhealthy, pid 123, up 42s, no disk",
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

Deno.test("htmlOf escapes whatever comes from the process", () => {
  const evil = `<script>alert("x")</script>&'`;
  const html = htmlOf(
    { ...RUNNING, name: evil, stdout_lines: [evil], stderr_lines: [evil] },
    new Date(0),
  );
  assert(!html.includes("<script"));
  assertEquals(html.split("&lt;script&gt;alert(&quot;x&quot;)").length, 4);
});
