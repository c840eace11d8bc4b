import { assertEquals } from "@std/assert";
import { NamespacedProgram, testNamespaces } from "./namespace.ts";

const PROGRAM = `
const { ProcTable } = await import(Deno.args[0]);
const find = () => new ProcTable().find(Deno.pid);
console.log(await find().then((found) => found.pid === Deno.pid, String));`;

testNamespaces(
  "a /proc of another pid namespace is not taken for this one's",
  async () => {
    const module = import.meta.resolve("../../process/system/proc_table.ts");
    await using own = new NamespacedProgram(PROGRAM, [module]);
    assertEquals(await own.nextLine(), "true");
    // Shows the processes of the namespace in which it was mounted.
    await using foreign = new NamespacedProgram(PROGRAM, [module], {
      setup: "umount /proc",
    });
    assertEquals(
      await foreign.nextLine(),
      "Error: Cannot see processes as /proc is that of another pid namespace: mount it in this one",
    );
  },
);
