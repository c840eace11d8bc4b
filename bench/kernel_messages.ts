import { codeFor } from "../jupyter/protocol.ts";
import { TempProcessDir } from "../tests/process_dir.ts";
import type { Figure } from "./harness/figure.ts";
import { compare, compareTime } from "./harness/rounds.ts";

const ROUNDS = 100;

/** A message from the page, and the first display of a widget. */
export const kernelMessages: Figure = {
  name: "kernel-messages",
  needs: ["python"],
  async measure() {
    // Not above, as programs of other figures would load it as well.
    const { TestKernel, waitFor } = await import("../tests/kernel/support.ts");
    await using kernel = await TestKernel.start();
    await using process = await TempProcessDir.idle();
    const source = JSON.stringify(process.path);
    await kernel.run(`await pw.processWidget(${source}).display()`);
    const open = await waitFor("the widget", () => kernel.of("comm_open")[0]);
    const to = open.content.comm_id;
    let messages = 0;
    const executeSilently = (code: string) =>
      kernel.connection.requestExecute({
        code,
        silent: true,
        store_history: false,
      }).done;
    const trip = await compareTime({
      floor: () => executeSilently("0"),
      ours: () => {
        const id = `message-${++messages}`;
        const state = { theme: messages % 2 ? "dark" : "light" } as const;
        return executeSilently(codeFor({ id, to, method: "update", state }));
      },
    }, { rounds: ROUNDS });
    /** Returns how long it takes until the output arrives, in milliseconds. */
    const display = async (code: string) => {
      const shown = kernel.of("display_data").length;
      const before = performance.now();
      await kernel.runCell(code);
      const output = () => kernel.of("display_data")[shown];
      return (await waitFor("the output", output)).at - before;
    };
    const bare =
      `await Deno.jupyter.display({ "text/plain": "text" }, { raw: true }); 0`;
    const shown = await compare({
      floor: () => display(bare),
      // Closed, so that the widgets before it do not slow it down.
      ours: () =>
        display(`{
          const widget = pw.processWidget(${source});
          await widget.display();
          widget.close();
        }
        0`),
    }, { rounds: 30 });
    return [
      {
        figure:
          "round trip of a page's message; floor: of a bare silent request",
        unit: "ms",
        ...trip,
        limit: 1.3,
      },
      {
        figure: "first display of a widget; floor: of a string",
        unit: "ms",
        ...shown,
        limit: 3,
      },
    ];
  },
};
