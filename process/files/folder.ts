import { gated } from "./gate.ts";
import { describeReadFailure } from "./reading.ts";

/**
 * Returns why the files of a process directory cannot be read, as one sentence;
 * null if it is not because of the directory.
 */
export async function describeFolderFailure(
  path: string,
): Promise<string | null> {
  try {
    const { isDirectory } = await gated(path, () => Deno.stat(path));
    if (!isDirectory) {
      return `Cannot watch '${path}' as it is a file: name the process directory instead`;
    }
    // Unlike the folder itself, its entry for itself is found only by a user who
    // may enter it.
    await gated(path, () => Deno.stat(`${path}/.`));
    return null;
  } catch (error) {
    return describeReadFailure(path, error);
  }
}
