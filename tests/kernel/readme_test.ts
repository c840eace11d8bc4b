import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { until } from "../files/support.ts";
import { readSections } from "../readme/blocks.ts";
import { Reader } from "../readme/reader.ts";
import {
  type Effect,
  has,
  lists,
  output,
  printed,
  runSection,
} from "../readme/section.ts";

/** Sections whose code blocks run elsewhere, and where. */
const ELSEWHERE: Record<string, string> = {
  "process-widget": "demo_test.ts runs the demo; the other is this run",
  "PostgreSQL": "tests/hosts/readme_test.ts installs it",
  "On a cluster": "tests/slurm/readme_test.ts has a cluster",
};

/** What each cell of a section shows. */
const EFFECTS: Record<string, Effect[]> = {
  "JupyterLab or Notebook 7": [
    async (kernel) => {
      await printed(kernel, "clock", /^\w+ \w+ +\d+ .*\d\d:\d\d:\d\d/);
      await has(kernel, "clock", { status: "running" });
    },
    (kernel) => has(kernel, "clock", { exit_reason: "terminated" }),
  ],
  "A web server": [
    async (kernel) => {
      await printed(kernel, "server", /^Listening on/);
      await has(kernel, "server", { status: "running", ttl_seconds: 3600 });
    },
    (kernel) => printed(kernel, "server", /^GET \/hello$/),
  ],
  "A training run": [
    async (kernel) => {
      await has(kernel, "training", { health_status: "healthy" });
      await printed(kernel, "training", /█{30} 200\/200, loss 0\.\d+$/);
      await has(kernel, "training", { status: "stopped", exit_code: 0 });
    },
  ],
  "Many workers": [
    async (kernel) => {
      for (const part of ["a", "b", "c", "d"]) {
        const row = { status: "running", last_line: `part ${part}` };
        await lists(kernel, `worker-${part}`, row);
      }
    },
    async (_, { folder }) => {
      const left = await Array.fromAsync(Deno.readDir(join(folder, "workers")));
      assertEquals(left.map(({ name }) => name), [".locks"]);
    },
  ],
  "Use": [
    (kernel) => has(kernel, "nginx", { process_dir: "" }),
    () => {},
  ],
  "Start, watch and terminate processes": [
    (kernel) => output(kernel, "step 1\nstep 2\nstep 3\n"),
    (kernel) => output(kernel, "ProcessHandle job: stopped, ended by SIGTERM"),
    (kernel) => printed(kernel, "ticker", /^\d{4}-\d\d-\d\dT/),
  ],
  "Many processes": [
    (kernel) => lists(kernel, "nginx", { process_dir: "" }),
  ],
  "AnyWidget: a widget of your own": [
    (kernel) =>
      until(() =>
        /\d:\d\d/.test(String(kernel.comms.at(-1)?.content.data.state.time))
      ),
    (kernel) =>
      until(() =>
        kernel.comms.some(({ content }) => content.data.state?.count === 0)
      ),
  ],
};

Deno.test("Every code block of README.md runs in a notebook", async (t) => {
  const port = freePort();
  await using reader = await Reader.start({
    standIns: {
      // Another program may use the port.
      "8000": String(port),
      // Nothing is to be installed for all users of this machine.
      "/usr/local/share": "$HOME/usr/local/share",
    },
  });
  const sections = await readSections();
  for (const [section, blocks] of sections) {
    if (section in ELSEWHERE) continue;
    await t.step(
      section,
      () => runSection(reader, section, blocks, EFFECTS[section]),
    );
  }
  await t.step(
    "Its kernel.json keeps an interrupted kernel alive",
    async () => {
      await using kernel = await reader.startKernel();
      await kernel.runCell("const before = Deno.pid;");
      await kernel.connection.interrupt();
      await kernel.runCell("console.log(before === Deno.pid)");
      await output(kernel, "true");
    },
  );
  const unknown = [...Object.keys(ELSEWHERE), ...Object.keys(EFFECTS)]
    .filter((section) => !sections.has(section));
  assertEquals(unknown, [], "sections without code blocks");
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
