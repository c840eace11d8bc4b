/**
 * Checks that nobody else decides what is run, and where it is written: whoever
 * owns a folder can replace everything in it.
 */
import { dirname, join } from "@std/path";
import { FILE_MODE } from "./atomic_write.ts";
import { closeFile, gated, gatedChange } from "./gate.ts";
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
  await checkOwner(path, info);
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
  await checkOwner(path, info);
}

/**
 * Checks that a file, folder or symbolic link belongs to this user.
 *
 * @throws {ReasonError} If it belongs to another user.
 */
export async function checkOwner(
  path: string,
  { uid }: Deno.FileInfo,
): Promise<void> {
  if (uid === null || uid === Deno.uid()) return;
  // Some network file systems give all files to one user.
  if (uid === await findOwnerOfNewFiles(dirname(path))) return;
  throw new ReasonError(
    `'${path}' belongs to another user (uid ${uid}): act as that user, or use a folder of your own`,
  );
}

/** Returns who owns the files that this user creates in a folder; null if none. */
async function findOwnerOfNewFiles(folder: string): Promise<number | null> {
  const path = join(folder, `.${crypto.randomUUID()}.new`);
  const options = { write: true, createNew: true, mode: FILE_MODE };
  try {
    const file = await gatedChange(
      path,
      () => Deno.open(path, options),
      (late) => closeFile(path, late),
    );
    try {
      // Of the open file, as others may replace what is at the path.
      return (await gated(path, () => file.stat())).uid;
    } finally {
      closeFile(path, file);
      await gatedChange(path, () => Deno.remove(path));
    }
  } catch {
    return null;
  }
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

/** Makes a folder of this user inaccessible to others, where there are modes. */
export async function closeToOthers(path: string): Promise<void> {
  const info = await gated(path, () => Deno.lstat(path));
  if (((info.mode ?? 0) & 0o777) === FOLDER_MODE) return;
  try {
    await gatedChange(path, () => Deno.chmod(path, FOLDER_MODE));
  } catch (error) {
    // Its owner may change it: only a file system without modes refuses that.
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
  }
}
