/** Changes files in one step, so that readers never see a partial one. */

/**
 * Writes a file atomically: writes a temporary file beside it and renames that
 * into place.
 *
 * If it fails, the file is unchanged and the temporary file is removed.
 */
export async function writeAtomically(
  path: string,
  text: string,
): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}.new`;
  try {
    await Deno.writeTextFile(draft, text, { createNew: true });
    await Deno.rename(draft, path);
  } catch (error) {
    await removeIfExists(draft);
    throw error;
  }
}

/** Removes a file, or a folder with its contents, if it exists. */
export async function removeIfExists(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
