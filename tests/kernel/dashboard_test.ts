import { assert, assertEquals } from "@std/assert";
import { TempBase } from "../files/lifecycle/temp_base.ts";
import { until } from "../files/support.ts";
import { TestKernel, waitFor } from "./support.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Traits that change while processes run. */
const isMoving = (trait: string) =>
  trait.startsWith("usage:") || trait === "_heartbeat";

Deno.test("The messages of a ProcessDashboard", async (t) => {
  await using base = new TempBase();
  await using kernel = await TestKernel.start();
  for (const name of ["a", "b", "c"]) {
    const go = base.file(`${name}.go`);
    await base.sh(
      name,
      `while [ ! -e "${go}" ]; do sleep 0.1; done; echo one; echo two`,
    );
  }

  await t.step("A manager as the value of a cell opens one comm", async () => {
    await kernel.run(
      `var m = new pw.ProcessManager({ dir: ${JSON.stringify(base.path)} }); m`,
    );
    const output = await waitFor(
      "the output",
      () => kernel.of("execute_result", "display_data").at(-1),
    );
    const [open, ...others] = kernel.of("comm_open");
    assertEquals(others, []);
    const { data } = output.content;
    assertEquals(data[VIEW].model_id, open.content.comm_id);
    assert(data["text/plain"].startsWith("3 processes: 3 running"));
    const { state } = open.content.data;
    assertEquals(state._anywidget_id, "process-dashboard");
    assertEquals(state.ids.map((id: string) => state[`row:${id}`].name), [
      ...["a", "b", "c"],
    ]);
  });

  const [open] = kernel.of("comm_open");
  const states = () =>
    kernel.of("comm_msg").flatMap(({ content }) => {
      const { state = {} } = content.data;
      const traits = Object.keys(state).filter((trait) => !isMoving(trait));
      return traits.length === 0 ? [] : [{ traits, state }];
    });

  await t.step("A message contains only the rows that changed", async () => {
    const before = states().length;
    await Deno.writeTextFile(base.file("b.go"), "");
    const [, id] = open.content.data.state.ids;
    await until(() => states().at(-1)?.state[`row:${id}`]?.pid === null);
    for (const { traits } of states().slice(before)) {
      assertEquals(traits, [`row:${id}`]);
    }
    const { status, exit_code, last_line } =
      states().at(-1)!.state[`row:${id}`];
    assertEquals([status, exit_code, last_line], ["stopped", 0, "two"]);
  });

  await t.step(
    "A row that appears comes with its list, in one message",
    async () => {
      const before = states().length;
      await base.sh("d", "exec sleep 600");
      await until(() => states().slice(before).some(({ state }) => state.ids));
      const { traits, state } = states().slice(before)
        .find(({ state }) => state.ids)!;
      assertEquals(state.ids.length, 4);
      const [added] = state.ids.filter((id: string) =>
        !open.content.data.state.ids.includes(id)
      );
      assertEquals(traits.sort(), ["ids", `row:${added}`].sort());
      assertEquals(state[`row:${added}`].name, "d");
      assertEquals(state[`row:${added}`].status, "running");
    },
  );

  await t.step("A row that leaves becomes null", async () => {
    await base.manager.remove("d");
    await until(() => states().at(-1)!.state.ids?.length === 3);
    const { state } = states().at(-1)!;
    const removed = Object.keys(state).filter((trait) => state[trait] === null);
    assertEquals(removed.length, 2);
    await kernel.run("m.dashboard().close()");
    await waitFor("comm_close", () => kernel.of("comm_close")[0]);
  });
});
