import { assert, assertEquals } from "@std/assert";
import { ExitWatch } from "../../../process/system/exit_watch.ts";
import { pathsOfOpenFiles, TempProcess, until } from "../support.ts";

Deno.test({
  name: "ExitWatch reports each process that exits, once",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using watch = new ExitWatch();
    await using first = TempProcess.sleeping();
    await using second = TempProcess.sleeping();
    assert(watch.add(first.pid) && watch.add(second.pid));
    assert(watch.add(first.pid));
    assertEquals(watch.takeExited(), []);
    await first.kill();
    await until(() => watch.takeExited().includes(first.pid));
    assertEquals(watch.takeExited(), []);
    // It has been reaped, so that its pid is nobody's.
    assertEquals(watch.add(first.pid), false);
    watch.remove(second.pid);
    await second.kill();
    assertEquals(watch.takeExited(), []);
  },
});

Deno.test({
  name: "ExitWatch releases its descriptors",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const open = () =>
      pathsOfOpenFiles().filter((path) => path.includes("pidfd")).length;
    // Deno has a descriptor of its child as well.
    await using process = TempProcess.sleeping();
    const before = open();
    const watch = new ExitWatch();
    watch.add(process.pid);
    assertEquals(open(), before + 1);
    watch.close();
    assertEquals(open(), before);
  },
});
