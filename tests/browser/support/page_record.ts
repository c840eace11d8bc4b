import type { Page } from "playwright-core";

/** One request or socket of a page. */
export interface PageRequest {
  readonly url: string;
  /** The scripts that asked for it, the innermost first. */
  readonly scripts: readonly string[];
}

/** A call stack, as the browser's debugging protocol tells it. */
interface Stack {
  callFrames: { url: string }[];
  parent?: Stack;
}

/** What a page asked for and what it printed, from its very beginning. */
export class PageRecord {
  readonly requests: PageRequest[] = [];
  readonly sockets: PageRequest[] = [];
  /** Error messages on the console, and errors that nothing caught. */
  readonly errors: string[] = [];

  static async start(page: Page): Promise<PageRecord> {
    const record = new PageRecord();
    page.on("console", (message) => {
      if (message.type() === "error") {
        record.errors.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => record.errors.push(String(error)));
    const devTools = await page.context().newCDPSession(page);
    devTools.on("Network.requestWillBeSent", ({ request, initiator }) => {
      const scripts = scriptsOf(initiator.stack);
      record.requests.push({ url: request.url, scripts });
    });
    devTools.on("Network.webSocketCreated", ({ url, initiator }) => {
      record.sockets.push({ url, scripts: scriptsOf(initiator?.stack) });
    });
    await devTools.send("Network.enable");
    // Without it a stack ends at the first await.
    await devTools.send("Debugger.enable");
    await devTools.send("Debugger.setAsyncCallStackDepth", { maxDepth: 32 });
    return record;
  }
}

function scriptsOf(stack: Stack | undefined): string[] {
  const scripts: string[] = [];
  for (let part = stack; part; part = part.parent) {
    scripts.push(...part.callFrames.map(({ url }) => url));
  }
  return scripts;
}
