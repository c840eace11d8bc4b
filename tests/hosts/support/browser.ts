import { ensureBrowser } from "../../../.tasks/browser.ts";
import type { Host } from "../../../.tasks/jupyter.ts";

/** Writes a program that starts the tests' browser on a host; returns its path. */
export async function browserOn(
  host: Host,
  stack: AsyncDisposableStack,
): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "test-browser-" });
  stack.defer(() => Deno.remove(path));
  const command = [...host.command, await ensureBrowser()]
    .map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${command} "$@"\n`);
  await Deno.chmod(path, 0o700);
  return path;
}
