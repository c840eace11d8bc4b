/** State files that name a process which must not be signaled. */
import { assertEquals } from "@std/assert";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";
import { TempDir } from "../files/support.ts";

/**
 * Asks to terminate itself and each program that it runs in: its parent is a
 * shell, which is the child of the first process.
 */
const PROGRAM = `
const [handles, directories, tables, dir] = Deno.args;
const { ProcessHandle } = await import(handles);
const { ProcessDirectory } = await import(directories);
const { localProcessTable: table } = await import(tables);
const parentOf = async (pid) =>
  (await table.list()).find((entry) => entry.pid === pid).parent;
for (let pid = Deno.pid; pid > 0; pid = await parentOf(pid)) {
  const { startTime } = await table.find(pid);
  await Deno.mkdir(dir, { recursive: true });
  await new ProcessDirectory(dir, "a")
    .writeState({ pid, createTime: startTime, createdAt: null });
  const handle = new ProcessHandle(dir, "a");
  const result = await handle.terminate({ graceMs: 100 })
    .then(JSON.stringify, (error) => error.message);
  console.log(handle.pid === pid, result);
}
console.log("end");`;

testNamespaces(
  "terminate never ends its own program, one that it runs in, or the first process",
  async () => {
    using dir = new TempDir();
    const modules = [
      "../../handle.ts",
      "../../process/directory/process_directory.ts",
      "../../process/system/local_process_table.ts",
    ].map((module) => import.meta.resolve(module));
    const setup = `
    trap 'echo "The first process was signaled"' TERM
    set -- sh -c '"$@"; exit $?' sh sh -c '"$@"; exit $?' sh "$@"`;
    await using program = new NamespacedProgram(
      PROGRAM,
      [...modules, dir.path],
      { setup },
    );
    const lines: string[] = [];
    for (let line = ""; line !== "end";) {
      lines.push(line = await program.nextLine());
    }
    const own =
      "true Cannot terminate 'a' as process # is this program or one it runs in: end it from elsewhere";
    assertEquals(
      lines.map((line) => line.replace(/process \d+/, "process #")),
      [
        own,
        own,
        own,
        "true Cannot terminate 'a' as process # is the first of the system: end it from elsewhere",
        "end",
      ],
    );
  },
);
