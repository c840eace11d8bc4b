/** Jupyter servers that outlive a test file and serve one file at a time. */

import { join } from "@std/path";
import {
  type JupyterAddress,
  type JupyterApp,
  startJupyter,
} from "./jupyter.ts";

/** The environment variable that passes the servers to the tests. */
const VARIABLE = "TEST_JUPYTER_SERVERS";

/** Servers for the tests, and the variables that lead to them. */
export interface SharedServers extends AsyncDisposable {
  readonly env: Record<string, string>;
}

/**
 * Starts servers to share.
 *
 * @param apps What each server runs; as many of each as test files run at a time.
 */
export async function shareServers(
  apps: readonly JupyterApp[],
): Promise<SharedServers> {
  await using stack = new AsyncDisposableStack();
  const servers = await Promise.all(
    apps.map(async (app) => {
      const stateFolder = await Deno.makeTempDir({ prefix: "test-jupyter-" });
      stack.defer(() => Deno.remove(stateFolder, { recursive: true }));
      return stack.use(await startJupyter({ app, stateFolder }));
    }),
  );
  const started = stack.move();
  return {
    env: { [VARIABLE]: JSON.stringify(servers) },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/**
 * Borrows a server of an app that no other test file uses until `stack` is disposed of,
 * with its settings reset.
 *
 * @returns The server, or null when none is shared or all are in use.
 */
export async function borrowServer(
  stack: AsyncDisposableStack,
  app: JupyterApp,
): Promise<JupyterAddress | null> {
  const servers: JupyterAddress[] = JSON.parse(Deno.env.get(VARIABLE) ?? "[]");
  for (const server of servers.filter((server) => server.app === app)) {
    // The system releases the lock even if its holder is killed.
    const path = join(server.stateFolder, "borrowed");
    const lock = await Deno.open(path, { create: true, write: true });
    if (await lock.tryLock(true)) {
      stack.defer(() => lock.close());
      await reset(server);
      return server;
    }
    lock.close();
  }
  return null;
}

/** Removes what a failed test may have left: settings, open tabs and kernels. */
async function reset(
  { url, token, stateFolder }: JupyterAddress,
): Promise<void> {
  await Deno.remove(join(stateFolder, "lab"), { recursive: true })
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  const headers = { Authorization: `token ${token}` };
  const kernels = await fetch(new URL("api/kernels", url), { headers });
  for (const { id } of await kernels.json()) {
    const kernel = new URL(`api/kernels/${id}`, url);
    const reply = await fetch(kernel, { method: "DELETE", headers });
    await reply.body?.cancel();
  }
}
