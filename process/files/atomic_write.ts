/**
 * Changes files in one step, so that readers never see a partial one. What is
 * written is readable by this user only.
 */
import { gatedChange, gatedRemoval } from "./gate.ts";
import { orNull } from "./regular_file.ts";

/** The mode of files: what a process prints, and its environment, may be secret. */
export const FILE_MODE = 0o600;

/**
 * Writes a file atomically: writes a temporary file beside it and renames that
 * into place, so it never writes through a symbolic link.
 *
 * If it fails, the file is unchanged and the temporary file is removed. Only a
 * file system that did not respond may still replace it later.
 */
export async function writeAtomically(
  path: string,
  text: string,
): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}.new`;
  const options = { createNew: true, mode: FILE_MODE };
  const discard = () => void removeIfExists(draft).catch(() => {});
  try {
    await gatedChange(
      draft,
      () => Deno.writeTextFile(draft, text, options),
      discard,
    );
    await gatedChange(path, () => Deno.rename(draft, path));
  } catch (error) {
    await removeIfExists(draft).catch(() => {});
    throw error;
  }
}

/** Replaces whatever is at a path by an empty file, which takes no space. */
export async function createEmpty(path: string): Promise<void> {
  await removeIfExists(path);
  const options = { createNew: true, mode: FILE_MODE };
  await gatedChange(path, () => Deno.writeTextFile(path, "", options));
}

/** Removes a file, or a folder with its contents, if it exists. */
export async function removeIfExists(path: string): Promise<void> {
  await orNull(
    gatedRemoval(path, () => Deno.remove(path, { recursive: true })),
  );
}
