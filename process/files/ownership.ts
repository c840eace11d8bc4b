/**
 * Checks that nobody else decides what is run, and where it is written: whoever
 * owns a folder can replace everything in it.
 */
import { gated, gatedChange } from "./gate.ts";
import { ReasonError } from "./reading.ts";
import { orNull } from "./regular_file.ts";

/** The mode of folders. */
const FOLDER_MODE = 0o700;

/**
 * Checks that a folder belongs to this user and is no symbolic link. Whoever can
 * write to its parent may still replace it after the check.
 *
 * @returns Whether it exists.
 * @throws {ReasonError} If it belongs to another user, or is not a folder.
 */
export async function checkOwnFolder(path: string): Promise<boolean> {
  const info = await orNull(gated(path, () => Deno.lstat(path)));
  if (info === null) return false;
  if (info.isSymlink) {
    throw new ReasonError(
      `'${path}' is a symbolic link: use the folder that it leads to`,
    );
  }
  if (!info.isDirectory) {
    throw new ReasonError(`'${path}' is not a folder: remove it`);
  }
  checkOwner(path, info);
  return true;
}

/**
 * Checks that a file belongs to this user and is no symbolic link; it need not
 * exist.
 *
 * @throws {ReasonError} If it belongs to another user, or is a symbolic link.
 */
export async function checkOwnFile(path: string): Promise<void> {
  const info = await orNull(gated(path, () => Deno.lstat(path)));
  if (info === null) return;
  if (info.isSymlink) {
    throw new ReasonError(
      `'${path}' is a symbolic link: put a regular file in its place`,
    );
  }
  checkOwner(path, info);
}

/**
 * Checks that a file, folder or symbolic link belongs to this user.
 *
 * @throws {ReasonError} If it belongs to another user.
 */
export function checkOwner(path: string, { uid }: Deno.FileInfo): void {
  if (uid === null || uid === Deno.uid()) return;
  throw new ReasonError(
    `'${path}' belongs to another user (uid ${uid}): act as that user, or use a folder of your own`,
  );
}

/**
 * Creates a folder that only this user can enter, and its parents.
 *
 * @returns Whether it was created; false if something exists at this path.
 */
export async function makeOwnFolder(path: string): Promise<boolean> {
  try {
    await gatedChange(path, () => Deno.mkdir(path, { mode: FOLDER_MODE }));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Does the same with its parents; does nothing if it exists. */
export async function makeOwnFolders(path: string): Promise<void> {
  const options = { recursive: true, mode: FOLDER_MODE };
  await gatedChange(path, () => Deno.mkdir(path, options));
}

/** Makes a folder of this user inaccessible to others. */
export async function closeToOthers(path: string): Promise<void> {
  await gatedChange(path, () => Deno.chmod(path, FOLDER_MODE));
}
