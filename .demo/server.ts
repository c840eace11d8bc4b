/**
 * A small web server to watch. It logs its requests and once a second requests
 * its own `/health`, as a load balancer would.
 *
 * `GET /` returns a greeting, `POST /break` makes the server unhealthy and
 * `POST /repair` healthy again. As a managed process, it reports its health in
 * `health.json`.
 */
import { join } from "node:path";

const folder = Deno.env.get("SYFTPM_PROCESS_DIR");
const started = performance.now();
let broken = false;
let requests = 0;

const server = Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ hostname, port }) =>
    console.log(`Listening on http://${hostname}:${port}/`),
}, (request) => {
  const begin = performance.now();
  const { pathname } = new URL(request.url);
  const response = respond(request.method, pathname);
  const took = (performance.now() - begin).toFixed(2);
  requests++;
  console.log(
    `${clock()} ${request.method} ${pathname} ${response.status} ${took} ms`,
  );
  if (!response.ok) {
    console.error(`${clock()} ${request.method} ${pathname} failed`);
  }
  return response;
});

function respond(method: string, path: string): Response {
  if (method === "POST" && path === "/break") broken = true;
  else if (method === "POST" && path === "/repair") broken = false;
  else if (path === "/health" && broken) {
    return new Response("The database does not respond\n", { status: 503 });
  } else if (path !== "/" && path !== "/health") {
    return new Response("Not found\n", { status: 404 });
  }
  return new Response("Hello from the demo server\n");
}

async function checkHealth(): Promise<void> {
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const response = await fetch(url + "health");
  const message = (await response.text()).trim();
  if (folder) {
    await writeAtomically(join(folder, "health.json"), {
      timestamp: new Date().toISOString(),
      status: response.ok ? "healthy" : "unhealthy",
      ...(response.ok ? {} : { message }),
      details: {
        url,
        requests,
        uptime_seconds: Math.round((performance.now() - started) / 1000),
      },
    });
  }
}

/** Replaces a file at once, so that no reader sees a part of it. */
async function writeAtomically(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(value) + "\n");
  await Deno.rename(`${path}.new`, path);
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

setInterval(checkHealth, 1000);
