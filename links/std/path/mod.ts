/** Stand-in for `@std/path`, on `node:path`: the functions this project uses. */
import { fileURLToPath, pathToFileURL } from "node:url";

export {
  basename,
  dirname,
  extname,
  isAbsolute,
  join,
  relative,
  resolve,
} from "node:path";

/** Converts a `file:` URL to a path. */
export function fromFileUrl(url: string | URL): string {
  const parsed = url instanceof URL ? url : new URL(url);
  if (parsed.protocol !== "file:") {
    throw new TypeError(
      `URL must be a file URL: received "${parsed.protocol}"`,
    );
  }
  return fileURLToPath(parsed);
}

/** Converts an absolute path to a `file:` URL. */
export function toFileUrl(path: string): URL {
  return pathToFileURL(path);
}
