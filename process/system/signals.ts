/** Signals to processes. */
import process from "node:process";
import { ReasonError } from "../files/reading.ts";

/** A signal that ends a process: SIGTERM lets it clean up, SIGKILL does not. */
export type EndSignal = "SIGTERM" | "SIGKILL";

/**
 * Sends a signal to the process with this pid.
 *
 * @returns Whether there is such a process.
 * @throws {ReasonError} If this user may not signal it.
 */
export function sendSignal(pid: number, signal: EndSignal): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
    throw new ReasonError(
      `process ${pid} belongs to another user: end it as that user`,
    );
  }
}

/** Kills a process group; does nothing if it has exited. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Exited in the meantime.
  }
}

/** Whether a process with this pid exists, whoever owns it; zombies count. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not being permitted to signal it proves that it exists.
    return errorCode(error) === "EPERM";
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
