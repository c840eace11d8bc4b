import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { capture, ROOT, venvProgram } from "../../../.tasks/project.ts";
import { ProcessManager } from "../../../manager.ts";
import { setHome } from "../support.ts";
import { TempBase } from "./temp_base.ts";

/**
 * Runs a script with only these variables, as a kernel of Jupyter Kernel Gateway
 * has them; `ProcessManager` is there.
 *
 * @returns Its standard output.
 * @throws {Error} If it fails; the message is its standard error.
 */
async function runIn(
  env: Record<string, string>,
  script: string,
  flags: readonly string[] = ["-A"],
): Promise<string> {
  const manager = toFileUrl(join(ROOT, "manager.ts"));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--no-prompt", ...flags, "-"],
    cwd: ROOT,
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const code = `import { ProcessManager } from "${manager}";\n${script}`;
  await input.write(new TextEncoder().encode(code));
  await input.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const PATH = Deno.env.get("PATH") ?? "";

Deno.test("Without HOME, processes are kept in the home folder that the system has for the user", async () => {
  const home = (await capture(venvProgram("python"), [
    "-c",
    "import os, pwd; print(pwd.getpwuid(os.getuid()).pw_dir)",
  ])).trim();
  using _home = setHome(null);
  assertEquals(new ProcessManager().dir, join(home, ".process-widget"));
  assertEquals(new ProcessManager({ dir: "~/x" }).dir, join(home, "x"));
});

Deno.test("Without HOME, programs and functions run, and their exits are recorded", async () => {
  await using base = new TempBase();
  const result = await runIn(
    { PATH },
    `
    const manager = new ProcessManager({ dir: ${JSON.stringify(base.path)} });
    const program = await manager.run({
      name: "program",
      cmd: ["sh", "-c", "echo HOME is \${HOME-missing}; exit 3"],
    });
    const fn = await manager.runFunction((n) => console.log("called with", n), {
      name: "function",
      args: [1],
    });
    const results = [];
    for (const process of [program, fn]) {
      const lines = await Array.fromAsync(process.stdout);
      const { exit } = await process.refresh();
      results.push([lines, exit.code, exit.reason]);
    }
    console.log(JSON.stringify(results));
  `,
  );
  assertEquals(JSON.parse(result), [
    [["HOME is missing"], 3, "exited"],
    [["called with 1"], 0, "exited"],
  ]);
});

Deno.test("Without any home folder, the error says what to set", async () => {
  // Deno refuses to tell the user's home folder without this permission.
  const flags = ["--allow-env", "--allow-read", "--deny-sys=userInfo"];
  const script =
    "try { new ProcessManager() } catch (e) { console.log(e.message) }";
  assertStringIncludes(
    await runIn({ PATH }, script, flags),
    "Cannot use '~/.process-widget' as HOME is not set and this user has no home folder: set HOME, or give a path without '~'",
  );
});
