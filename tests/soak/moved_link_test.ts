/** What happens when a link in the path of a file leads to another mount. */
import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { gated } from "../../process/files/gate.ts";
import { HangingMount, testHangs } from "../faults/hanging_mount.ts";
import { TempDir, until } from "../files/support.ts";

testHangs(
  "a path is followed to another mount when its link changes",
  async () => {
    await using mount = await HangingMount.create();
    using dir = new TempDir();
    await Deno.mkdir(dir.file("a"));
    await dir.write("a/log", "local\n");
    await mount.source.write("log", "remote\n");
    await Deno.symlink(dir.file("a"), dir.file("link"));
    const stat = (name: string) =>
      gated(dir.file(name), () => Deno.stat(dir.file(name)));
    await stat("link/log");
    // The location of the path is only located again when it is no longer recent.
    await delay(5100);
    await mount.hang();
    await Deno.remove(dir.file("link"));
    await Deno.symlink(mount.path, dir.file("link"));
    await assertRejects(() => stat("link/log"), Error, "has not responded");
    // Once it is known where the link leads, its old mount is not blamed.
    await until(() =>
      stat("link/log").then(
        () => false,
        ({ message }) => message.includes(mount.path),
      )
    );
    for (let i = 0; i < 10; i++) {
      await assertRejects(
        () => stat(`link/x${i}`),
        Error,
        mount.path,
      );
    }
    assertEquals((await stat("a/log")).size, "local\n".length);
    mount.resume();
    await until(() => stat("link/log").then(() => true, () => false));
  },
);
