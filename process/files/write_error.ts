/** Returns why something cannot be written, and what to do about it. */
export function describeWriteError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EACCES":
    case "EPERM":
      return `permission is denied (${text}): let this user write there`;
    case "EROFS":
      return `the file system is read-only (${text})`;
    case "ENOSPC":
    case "EDQUOT":
      return `no space is left on the disk (${text}): make room there`;
    default:
      return text;
  }
}
