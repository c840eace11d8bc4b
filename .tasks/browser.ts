import { exists } from "@std/fs";
import { capture, progress, run, TaskError } from "./project.ts";

const COMMANDS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];

const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

let browser: Promise<string> | undefined;

/**
 * Returns the path of a Chromium: `$CHROMIUM`, an installed one, or one that it
 * installs from Debian or Playwright.
 *
 * @throws {TaskError} If `$CHROMIUM` does not run or none can be installed.
 */
export function ensureBrowser(): Promise<string> {
  return browser ??= findBrowser();
}

async function findBrowser(): Promise<string> {
  const chosen = Deno.env.get("CHROMIUM");
  if (chosen) {
    if (await runs(chosen)) return chosen;
    throw new TaskError(
      `Cannot test with the browser in $CHROMIUM as it does not run: current value is '${chosen}'`,
    );
  }
  return await findInstalled() ?? await installFromDebian() ??
    await installFromPlaywright();
}

async function findInstalled(): Promise<string | null> {
  for (const name of COMMANDS) {
    for (const folder of Deno.env.get("PATH")?.split(":") ?? []) {
      const path = `${folder}/${name}`;
      if (await exists(path) && await runs(path)) return path;
    }
  }
  for (const path of MAC_APPS) if (await exists(path)) return path;
  return null;
}

/** Installs Debian's package where `apt-get` exists and may be used. */
async function installFromDebian(): Promise<string | null> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return null;
  if (!await exists("/usr/bin/apt-get")) return null;
  progress("Installing Debian's Chromium for the browser tests (a minute) …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "--yes", "--no-install-recommends", "chromium"];
  try {
    await capture("apt-get", ["update"], { env });
    await capture("apt-get", install, { env });
  } catch (error) {
    progress(`Cannot install it: ${(error as Error).message}`);
    return null;
  }
  return await findInstalled();
}

async function installFromPlaywright(): Promise<string> {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  if (!await exists(path)) {
    progress(
      "Downloading Playwright's Chromium for the browser tests (a minute) …",
    );
    await run(Deno.execPath(), [
      "run",
      "-A",
      "npm:playwright-core",
      "install",
      "chromium",
    ]);
  }
  if (await exists(path) && await runs(path)) return path;
  throw new TaskError(
    "Cannot find a browser for the tests: install Chromium " +
      "(Debian: apt install chromium) or set $CHROMIUM to the path of one",
  );
}

async function runs(path: string): Promise<boolean> {
  try {
    await capture(path, ["--version"]);
    return true;
  } catch {
    return false;
  }
}
