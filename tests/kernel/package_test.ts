import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname } from "@std/path";
import { pack } from "../../.tasks/pack.ts";
import { capture, venvProgram } from "../../.tasks/project.ts";
import { TempDir } from "../files/support.ts";
import { serveNpm } from "./npm_registry.ts";
import { TestKernel, waitFor } from "./support.ts";

/** A notebook that imports the package, and keeps its processes in `dir`. */
const cells = (dir: string) => [
  `import { processWidget, run, runFunction } from "npm:process-widget";
   import { AnyWidget } from "npm:process-widget/anywidget";
   const dir = ${JSON.stringify(dir)};`,
  `const server = await run({ name: "server", cmd: ["sleep", "600"], dir });
   await processWidget(server).display();`,
  `await server.terminate();
   console.log("Ended:", server.exit.reason);`,
  `const greeting = await runFunction((name) => console.log("Hello", name), {
     name: "greeting",
     args: ["world"],
     dir,
   });
   for await (const line of greeting.stdout) console.log(line);`,
  `const widget = new AnyWidget({
     id: "counter",
     esm: "export default { render() {} }",
     traits: { count: 1 },
   });
   await widget.display();
   console.log("Same class:", processWidget(server) instanceof AnyWidget);`,
];

/** A program that compiles only with complete declarations. */
const CONSUMER = `
import {
  type ProcessHandle,
  type ProcessTraits,
  processWidget,
  run,
} from "npm:process-widget";
import type { AnyWidget } from "npm:process-widget/anywidget";

const handle: ProcessHandle = await run({ name: "a", cmd: ["true"] });
const widget: AnyWidget<ProcessTraits> = processWidget(handle);
const status: string = handle.widget().get("status");
const isSuspended: boolean = handle.status === "suspended";
console.log(status, isSuspended, widget.get("lines").toFixed());
// @ts-expect-error: a trait that does not exist
handle.widget().get("state");
// @ts-expect-error: a source that is not one
processWidget(1);
`;

Deno.test("The npm package works in any folder, also offline", async (t) => {
  using dir = new TempDir();
  const folder = dir.file("notebooks");
  const data = dir.file("data");
  await ensureDir(folder);

  /** Runs the notebook in a new kernel. */
  async function runNotebook(name: string): Promise<void> {
    await using kernel = await TestKernel.start({ folder, dataFolder: data });
    for (const cell of cells(dir.file(name))) await kernel.runCell(cell);
    const printed = () =>
      kernel.of("stream").map(({ content }) => content.text).join("");
    await waitFor("the last line", () => printed().includes("Same class"));
    assertEquals(
      printed(),
      "Ended: terminated\nHello world\nSame class: true\n",
    );
    const states = kernel.of("comm_open").map(({ content }) =>
      content.data.state
    );
    assertEquals(states.map(({ name, status }) => [name, status]), [
      ["server", "running"],
      [undefined, undefined],
    ]);
  }

  const npm = await pack(dir.file("dist"));
  {
    await using registry = await serveNpm(npm);
    const env = {
      DENO_DIR: dir.file("cache"),
      NPM_CONFIG_REGISTRY: registry.url,
    };
    await writeKernelSpec(`${data}/kernels/deno/kernel.json`, env);
    await t.step("in a kernel", () => runNotebook("first"));
    await t.step("with declarations", async () => {
      const program = await dir.write("notebooks/consumer.ts", CONSUMER);
      const deno = venvProgram("deno");
      await capture(deno, ["check", program], { cwd: folder, env });
    });
  }
  await t.step(
    "in another kernel, without the registry",
    () => runNotebook("second"),
  );
});

/** Writes a kernelspec that starts Deno with additional variables. */
async function writeKernelSpec(
  path: string,
  env: Record<string, string>,
): Promise<void> {
  await ensureDir(dirname(path));
  const deno = venvProgram("deno");
  await Deno.writeTextFile(
    path,
    JSON.stringify({
      argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
      env,
    }),
  );
}
