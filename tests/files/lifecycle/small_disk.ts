import { assert } from "@std/assert";
import { isRoot, TempDir } from "../support.ts";

/** Whether tests can mount a file system: on Linux, as root, but not in every container. */
export const canMount: boolean = isRoot && Deno.build.os === "linux" &&
  // Takes the same capability.
  new Deno.Command("unshare", { args: ["--mount", "true"] }).outputSync()
    .success;

/** A file system of 64 KiB, which can be filled; see {@linkcode canMount}. */
export class SmallDisk implements AsyncDisposable {
  readonly #dir: TempDir;

  private constructor(dir: TempDir) {
    this.#dir = dir;
  }

  /** Mounts it in a new folder. */
  static async mount(): Promise<SmallDisk> {
    const dir = new TempDir();
    await command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir.path);
    return new SmallDisk(dir);
  }

  /** The folder where it is mounted. */
  get path(): string {
    return this.#dir.path;
  }

  /** Writes until no space is left. */
  fill(): void {
    using file = Deno.openSync(this.#dir.file(".filler"), {
      write: true,
      create: true,
    });
    try {
      while (true) file.writeSync(new Uint8Array(512));
    } catch (error) {
      assert(String(error).includes("space"));
    }
  }

  /** Makes room again. */
  empty(): void {
    Deno.removeSync(this.#dir.file(".filler"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await command("umount", "--lazy", this.path);
    this.#dir[Symbol.dispose]();
  }
}

async function command(name: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(name, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}
