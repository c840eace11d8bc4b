/** Writing files so that no reader ever sees half of one. */

/**
 * Writes a file whole: into a temporary file beside it, which then takes its
 * name. On failure the file is as it was, and the temporary one is gone.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}.new`;
  try {
    await Deno.writeTextFile(draft, text, { createNew: true });
    await Deno.rename(draft, path);
  } catch (error) {
    await removeIfThere(draft);
    throw error;
  }
}

/** Removes a file or a folder with all that it holds, unless it is gone already. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
