import { assertEquals } from "@std/assert";
import { PageLeases } from "../../../jupyter/page_leases.ts";
import { FakeClock } from "../fake_clock.ts";

const MINUTE = 60_000;

function setUp() {
  const clock = new FakeClock();
  const expired: string[] = [];
  const leases = new PageLeases({
    onExpire: (page) => expired.push(page),
    now: () => clock.now(),
    schedule: (fn, ms) => clock.schedule(fn, ms),
  });
  return { clock, expired, leases };
}

Deno.test("PageLeases expires a page that has not renewed its lease for five minutes", async () => {
  const { clock, expired, leases } = setUp();
  leases.renew("crashed");
  for (let minute = 0; minute < 5; minute++) {
    leases.renew("open");
    await clock.advance(MINUTE);
  }
  assertEquals(expired, []);
  leases.renew("open");
  await clock.advance(MINUTE);
  assertEquals(expired, ["crashed"]);
  assertEquals([leases.has("crashed"), leases.has("open")], [false, true]);
});

Deno.test("PageLeases forgets a page that was closed, and then waits for nothing", async () => {
  const { clock, expired, leases } = setUp();
  leases.renew("closed");
  leases.end("closed");
  await clock.advance(10 * MINUTE);
  assertEquals(expired, []);
  assertEquals(clock.pending, 0);
});

Deno.test("PageLeases does not count the time in which the kernel was busy", async () => {
  const { clock, expired, leases } = setUp();
  leases.renew("open");
  // The timers of a busy kernel are late, and so are the messages of pages.
  clock.jump(20 * MINUTE);
  await clock.advance(MINUTE);
  assertEquals(expired, []);
  await clock.advance(6 * MINUTE);
  assertEquals(expired, ["open"]);
});
