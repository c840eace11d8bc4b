import { join } from "@std/path";
import { type Browser, chromium } from "playwright-core";
import { ensureBrowser } from "../../../.tasks/browser.ts";
import { ROOT } from "../../../.tasks/project.ts";

/** The folder of the screenshots. */
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

/**
 * Starts a browser that makes no requests but those of its pages. With `HEADED`
 * in the environment, it has a window and acts slowly enough to be watched.
 *
 * @param executablePath The browser's program. Default: the tests' Chromium.
 */
export async function startBrowser(executablePath?: string): Promise<Browser> {
  const headed = Deno.env.has("HEADED");
  return await chromium.launch({
    headless: !headed,
    slowMo: headed ? 100 : 0,
    executablePath: executablePath ?? await ensureBrowser(),
    args: BROWSER_FLAGS,
    chromiumSandbox: Deno.uid() !== 0,
  });
}
