import { checkSchedules } from "../../log_schedules.ts";

Deno.test("LogTail reports the last lines of a moment during each poll, in 2,000 schedules of writes, rotations and truncations", async () => {
  await checkSchedules(2000);
});
