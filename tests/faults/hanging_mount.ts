import { fromFileUrl } from "@std/path";
import { canMount } from "../files/lifecycle/small_disk.ts";
import {
  pathsOfOpenFiles,
  TempDir,
  TempProcess,
  until,
} from "../files/support.ts";

/** A folder that is also mounted as a file system which can stop responding. */
export class HangingMount implements AsyncDisposable {
  /** The folder, whose file system always responds. */
  readonly source: TempDir;
  readonly #target: TempDir;
  readonly #server: TempProcess;

  private constructor(source: TempDir, target: TempDir, server: TempProcess) {
    this.source = source;
    this.#target = target;
    this.#server = server;
  }

  /** Why it cannot be used here; null if it can. */
  static readonly missing: string | null = !canMount
    ? "mounting needs Linux and root"
    : !canOpen("/dev/fuse")
    ? "it needs /dev/fuse"
    : null;

  /** Mounts an empty folder. */
  static async create(): Promise<HangingMount> {
    const source = new TempDir();
    const target = new TempDir();
    const program = fromFileUrl(import.meta.resolve("./fuse_server.ts"));
    const server = new TempProcess(
      [
        Deno.execPath(),
        ...["run", "-A", "--no-lock", "--no-config", "--no-check"],
        program,
        source.path,
        target.path,
      ],
      { stdout: "piped" },
    );
    const line = await server.firstLine();
    if (line !== "mounted") throw new Error(`Cannot mount: ${line}`);
    return new HangingMount(source, target, server);
  }

  /** Where it is mounted. */
  get path(): string {
    return this.#target.path;
  }

  /** Returns the path of a file on the mount. */
  file(name: string): string {
    return this.#target.file(name);
  }

  /**
   * Stops responding. Waits until this program holds only logs open: closing a
   * file, or starting a program that inherits it, blocks from then on.
   */
  async hang(): Promise<void> {
    await until(() => this.#heldFiles().every((path) => path.endsWith(".log")));
    this.hangNow();
  }

  /** Stops responding at once. */
  hangNow(): void {
    Deno.kill(this.#server.pid, "SIGSTOP");
  }

  #heldFiles(): string[] {
    return pathsOfOpenFiles().filter((path) => path.startsWith(this.path));
  }

  /** Responds again, also to what was asked meanwhile. */
  resume(): void {
    Deno.kill(this.#server.pid, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Fails all calls that are under way.
    await this.#server.kill();
    await new Deno.Command("umount", { args: ["--lazy", this.path] }).output();
    this.#target[Symbol.dispose]();
    this.source[Symbol.dispose]();
  }
}

/** Tests with such a mount, or names the reason why that is not possible. */
export function testHangs(name: string, fn: () => Promise<void>): void {
  const { missing } = HangingMount;
  const reason = missing === null ? "" : ` (skipped: ${missing})`;
  Deno.test({ name: `${name}${reason}`, ignore: missing !== null, fn });
}

function canOpen(path: string): boolean {
  try {
    Deno.openSync(path, { read: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}
