import type { Page } from "playwright-core";

/** A request or WebSocket of a page. */
export interface PageRequest {
  readonly url: string;
  /** Addresses of the scripts on the call stack, innermost first. */
  readonly scripts: readonly string[];
}

/** A call stack in the format of the DevTools protocol. */
interface Stack {
  callFrames: { url: string }[];
  parent?: Stack;
}

/** The error that Notebook 7 throws on every page. */
const HOST_ERROR =
  "TypeError: Cannot read properties of undefined (reading 'schema')";

/** Records the errors of a page, and its requests if asked to. */
export class PageRecord {
  readonly requests: PageRequest[] = [];
  readonly sockets: PageRequest[] = [];
  /** Error messages on the console, and uncaught errors. */
  readonly errors: string[] = [];

  /** The errors, without those of Notebook 7 itself. */
  get ownErrors(): string[] {
    return this.errors.filter((error) => error !== HOST_ERROR);
  }

  /** Starts before the page loads. To record requests slows a page down. */
  static async start(
    page: Page,
    { requests }: { requests: boolean },
  ): Promise<PageRecord> {
    const record = new PageRecord();
    page.on("console", (message) => {
      if (message.type() === "error") {
        record.errors.push(`${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => record.errors.push(String(error)));
    if (requests) await record.#recordRequests(page);
    return record;
  }

  async #recordRequests(page: Page): Promise<void> {
    const devTools = await page.context().newCDPSession(page);
    devTools.on("Network.requestWillBeSent", ({ request, initiator }) => {
      const scripts = scriptsOf(initiator.stack);
      this.requests.push({ url: request.url, scripts });
    });
    devTools.on("Network.webSocketCreated", ({ url, initiator }) => {
      this.sockets.push({ url, scripts: scriptsOf(initiator?.stack) });
    });
    await devTools.send("Network.enable");
    // Without the debugger, a stack ends at the first await.
    await devTools.send("Debugger.enable");
    await devTools.send("Debugger.setAsyncCallStackDepth", { maxDepth: 32 });
  }
}

function scriptsOf(stack: Stack | undefined): string[] {
  const scripts: string[] = [];
  for (let part = stack; part; part = part.parent) {
    scripts.push(...part.callFrames.map(({ url }) => url));
  }
  return scripts;
}
