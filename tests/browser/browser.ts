/** The browser of the tests. */
import { join } from "@std/path";
import { type Browser, chromium } from "playwright-core";
import { ensureBrowser } from "../../.tasks/browser.ts";
import { ROOT } from "../../.tasks/project.ts";

/** Where the screenshots of a run are. */
export const SCREENSHOTS: string = join(
  ROOT,
  "tests",
  "browser",
  "screenshots",
);

const BROWSER_FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser that talks to nobody but the pages it is given. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await ensureBrowser(),
    args: BROWSER_FLAGS,
    chromiumSandbox: Deno.uid() !== 0,
  });
}
