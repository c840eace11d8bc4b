import { userInfo } from "node:os";
import { fromFileUrl, resolve } from "@std/path";

/**
 * Resolves a path or a `file:` URL from the user to an absolute path.
 *
 * A path may be relative to the current folder, or start with `~/` for the
 * user's home folder, be `HOME` set or not.
 *
 * @param what Names the path in the error, as in "the process directory".
 * @throws {TypeError} If `path` is neither a path nor a `file:` URL.
 */
export function resolvePath(path: unknown, what: string): string {
  if (path instanceof URL) return fileUrlToPath(path, what);
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `Cannot use ${what} as ${
        Deno.inspect(path, { depth: 0 })
      } is not a path: give a path or a 'file:' URL`,
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

/** Returns the folder that `HOME` names, or else the one that the system has for
 * the user: a host such as Jupyter Kernel Gateway passes no `HOME` to a kernel. */
function homeFolder(path: string): string {
  const key = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const home = Deno.env.get(key) || systemHomeFolder();
  if (home) return home;
  throw new TypeError(
    `Cannot use '${path}' as ${key} is not set and this user has no home folder: set ${key}, or give a path without '~'`,
  );
}

function systemHomeFolder(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    // A container may run as a user that its system does not know.
    return null;
  }
}
