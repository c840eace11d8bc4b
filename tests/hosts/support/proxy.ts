import { capture } from "../../../.tasks/project.ts";
import config from "../../../deno.json" with { type: "json" };

/** JupyterHub's proxy, in the version of `deno.json`. */
const PACKAGE = config.imports["configurable-http-proxy"];

/** The command of the proxy. */
export const PROXY: readonly string[] = [
  Deno.execPath(),
  "run",
  "-A",
  PACKAGE,
];

/** Downloads the proxy, as its host has no connection to the internet. */
export async function ensureProxy(): Promise<void> {
  await capture(Deno.execPath(), ["cache", PACKAGE]);
}
