import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";

Deno.test("No benchmark exceeds its limit", async () => {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join("bench", "main.ts"), "--check"],
    cwd: ROOT,
  }).spawn().status;
  assertEquals(code, 0);
});
