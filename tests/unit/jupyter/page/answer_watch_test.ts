import { assertEquals } from "@std/assert";
import { AnswerWatch } from "../../../../jupyter/page/answer_watch.ts";

/** Returns after which of the updates at these times no answer is expected. */
function firstAlarm(watch: AnswerWatch, times: number[]): number | undefined {
  return times.find((time) => watch.update(time, false));
}

const everySecond = Array.from({ length: 60 }, (_, i) => (i + 1) * 1000);

Deno.test("AnswerWatch expects no answer after more than 10 s of updates", () => {
  assertEquals(firstAlarm(new AnswerWatch(0, 100), everySecond), 11_000);
});

Deno.test("AnswerWatch gives a long request time to be uploaded", () => {
  assertEquals(firstAlarm(new AnswerWatch(0, 2_000_000), everySecond), 31_000);
});

Deno.test("AnswerWatch takes a pause of the whole page for no wait", () => {
  const watch = new AnswerWatch(0, 0);
  const hour = 3_600_000;
  assertEquals(firstAlarm(watch, [1000, hour, hour + 1, hour + 2]), undefined);
  assertEquals(firstAlarm(watch, [hour + 5000]), hour + 5000);
});

Deno.test("AnswerWatch starts over when the kernel was busy", () => {
  const watch = new AnswerWatch(0, 0);
  firstAlarm(watch, [5000, 10_000]);
  assertEquals(watch.update(15_000, true), false);
  assertEquals(firstAlarm(watch, [20_000, 25_000, 30_000]), 30_000);
});
