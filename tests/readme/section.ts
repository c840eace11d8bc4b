import { assert, assertEquals } from "@std/assert";
import { until } from "../files/support.ts";
import type { TestKernel } from "../kernel/support.ts";
import type { CodeBlock } from "./blocks.ts";
import type { Reader } from "./reader.ts";

/** Checks what a cell shows, before the reader goes on. */
export type Effect = (
  kernel: TestKernel,
  reader: Reader,
) => Promise<void> | void;

/**
 * Follows the blocks of a section in order; cells run in a new kernel.
 *
 * @param effects What each cell shows.
 */
export async function runSection(
  reader: Reader,
  section: string,
  blocks: readonly CodeBlock[],
  effects: readonly Effect[] = [],
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  let kernel: TestKernel | null = null;
  let cells = 0;
  for (const block of blocks) {
    if (block.language !== "ts" || block.file) await reader.follow(block);
    else {
      kernel ??= stack.use(await reader.startKernel());
      await kernel.runCell(reader.replace(block.code));
      const check = effects[cells++];
      assert(check, `add what cell ${cells} of '${section}' shows`);
      await check(kernel, reader);
    }
  }
  assertEquals(cells, effects.length, `cells of '${section}'`);
}

/** Waits until cells have printed this text. */
export async function output(kernel: TestKernel, text: string): Promise<void> {
  const printed = () =>
    kernel.of("stream").map(({ content }) => content.text).join("");
  await until(() => printed().includes(text));
}

/** Returns the current traits of the widget with a name. */
function traitsOf(kernel: TestKernel, name: string): Record<string, unknown> {
  const open = kernel.of("comm_open").findLast(({ content }) =>
    content.data.state?.name === name
  );
  if (!open) return {};
  const messages = kernel.comms.filter(({ content }) =>
    content.comm_id === open.content.comm_id
  );
  return Object.assign(
    {},
    ...messages.map(({ content }) => content.data.state),
  );
}

/** Waits until the widget with a name has these traits. */
export async function has(
  kernel: TestKernel,
  name: string,
  traits: Record<string, unknown>,
): Promise<void> {
  await until(() => {
    const all = traitsOf(kernel, name);
    return Object.entries(traits).every(([trait, value]) =>
      all[trait] === value
    );
  });
}

/** Waits until the widget with a name shows a line in one of its logs. */
export async function printed(
  kernel: TestKernel,
  name: string,
  line: RegExp,
): Promise<void> {
  await until(() => {
    const { stdout_lines = [], stderr_lines = [] } = traitsOf(kernel, name);
    return [stdout_lines, stderr_lines].flat()
      .some((each) => line.test(each as string));
  });
}

/** Waits until a dashboard has a row of a process with these values. */
export async function lists(
  kernel: TestKernel,
  name: string,
  values: Record<string, unknown>,
): Promise<void> {
  const rows = () =>
    kernel.comms.flatMap(({ content }) =>
      Object.entries(content.data.state ?? {})
    ).filter(([trait]) => trait.startsWith("row:"))
      .map(([, row]) => row as Record<string, unknown>);
  await until(() => {
    const row = rows().findLast((row) => row?.name === name);
    return row !== undefined &&
      Object.entries(values).every(([key, value]) => row[key] === value);
  });
}
