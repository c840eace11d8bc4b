import { createHash } from "node:crypto";
import { join } from "@std/path";
import type { NpmPackage } from "../../.tasks/pack.ts";

/** The address of a registry, which is served until it is disposed of. */
export interface NpmRegistry extends AsyncDisposable {
  readonly url: string;
}

/** Serves a package on this machine as npm's registry does. */
export async function serveNpm(
  { folder, tarball }: NpmPackage,
): Promise<NpmRegistry> {
  const bytes = await Deno.readFile(tarball);
  const manifest = JSON.parse(
    await Deno.readTextFile(join(folder, "package.json")),
  );
  const { name, version } = manifest;
  const hash = createHash("sha512").update(bytes).digest("base64");
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { origin, pathname } = new URL(request.url);
      const dist = {
        tarball: `${origin}/${name}.tgz`,
        integrity: `sha512-${hash}`,
      };
      if (pathname === `/${name}.tgz`) return new Response(bytes);
      if (pathname !== `/${name}`) return new Response(null, { status: 404 });
      return Response.json({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { ...manifest, dist } },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
