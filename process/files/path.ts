/** Paths as users give them. */
import { fromFileUrl, resolve } from "@std/path";

/**
 * The absolute path that a string or a `file:` URL stands for; it may be
 * relative to the current folder, or start with `~/`.
 *
 * @param what The words for what is there, for the error.
 * @throws {TypeError} If it stands for none.
 */
export function resolvePath(path: unknown, what: string): string {
  if (path instanceof URL) return fileUrlToPath(path, what);
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `Cannot use ${what} as ${
        Deno.inspect(path, { depth: 0 })
      } is no path: give a path or a 'file:' URL`,
    );
  }
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(path) || /^file:/i.test(path)) {
    return fileUrlToPath(new URL(path), what);
  }
  if (path === "~" || path.startsWith("~/")) {
    return resolve(homeFolder(path), `.${path.slice(1)}`);
  }
  return resolve(path);
}

function fileUrlToPath(url: URL, what: string): string {
  if (url.protocol === "file:") return resolve(fromFileUrl(url));
  throw new TypeError(
    `Cannot use ${what} as '${url}' is not on this machine: give a path or a 'file:' URL`,
  );
}

function homeFolder(path: string): string {
  const key = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const home = Deno.env.get(key);
  if (home) return home;
  throw new TypeError(
    `Cannot use '${path}' as ${key} is not set: give the path without '~'`,
  );
}
