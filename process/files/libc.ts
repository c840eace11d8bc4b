/** Opens the C library, for system calls that Deno does not offer. */
import { ReasonError } from "./reading.ts";

/**
 * Returns functions of Linux's C library.
 *
 * @throws {ReasonError} If it cannot be loaded, or this program may not call it.
 */
export function openLibc<S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S>["symbols"] {
  // Asked for without a question to the user.
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    throw new ReasonError(
      "it needs foreign functions: run this program with --allow-all",
    );
  }
  try {
    return Deno.dlopen("libc.so.6", symbols).symbols;
  } catch {
    throw new ReasonError("libc.so.6 cannot be loaded");
  }
}
