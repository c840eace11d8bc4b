import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import { until } from "../support.ts";
import { TempBase } from "./temp_base.ts";

Deno.test("runFunction runs a function with its arguments as a process", async () => {
  await using base = new TempBase();
  const handle = await base.manager.runFunction(
    async (greeting, { times }) => {
      for (let i = 0; i < times; i++) console.log(greeting, i, typeof Temporal);
      await new Promise(() => {});
    },
    { name: "greeter", args: ["hello", { times: 2 }] },
  );
  await until(async () => (await handle.stdout.tail()).length === 2);
  assertEquals(await handle.stdout.tail(), [
    "hello 0 object",
    "hello 1 object",
  ]);
  await until(async () => (await handle.refresh()).health !== null);
  assertEquals(handle.health?.status, "healthy");
  const first = handle.health!.timestamp!;
  await until(async () => (await handle.refresh()).health!.timestamp! > first);
  const apart = handle.health!.timestamp! - first;
  assert(4900 < apart && apart < 6000, `reports ${apart} ms apart`);
  await handle.restart();
  await until(async () => (await handle.stdout.tail()).length === 4);
});

Deno.test("runFunction ends the process when its function returns or throws", async () => {
  await using base = new TempBase();
  const { manager } = base;
  const done = await manager.runFunction(() => 42, { name: "done" });
  const failed = await manager.runFunction(() => {
    throw new Error("boom");
  }, { name: "failed" });
  for await (const _ of done.stdout);
  assertEquals((await done.refresh()).exit?.code, 0);
  assertEquals(done.status, "stopped");
  for await (const _ of failed.stdout);
  assertEquals((await failed.refresh()).exit?.code, 1);
  assertEquals([failed.status, failed.health?.message], [
    "failed",
    "Error: boom",
  ]);
  assert((await failed.stderr.head(1))[0].includes("boom"));
});

Deno.test("runFunction rejects a function that uses variables of the notebook", async () => {
  await using base = new TempBase();
  const { manager } = base;
  const one = 1;
  const two = { deep: 2 };
  const shadowed = 3;
  await assertRejects(
    () => manager.runFunction(() => one, { name: "a" }),
    Error,
    "Cannot run 'a' as it uses 'one' of the notebook, which the new process does not have: pass it in 'args', or define it inside the function",
  );
  const uses = [
    () => {
      const inner = () => `${one} ${two.deep}`;
      return inner();
    },
    function named(x = one, { y = two } = {}) {
      return [x, y, named];
    },
    async () => {
      for (const each of [one]) await delay(each);
      return { two };
    },
    () => {
      class Local {
        field = one;
        [two.deep] = 1;
      }
      return new Local();
    },
  ];
  for (const fn of uses) {
    const running = manager.runFunction(fn as () => void, { name: "a" });
    await assertRejects(() => running, Error, "'one'");
    assertEquals(await manager.exists("a"), false);
  }

  // This function uses no variable of the notebook.
  const fine = await manager.runFunction((shadowed: number) => {
    const local = shadowed + 1;
    label: for (const x of [local]) {
      if (x) break label;
    }
    try {
      throw new Error("x");
    } catch (error) {
      console.log(typeof missing, (error as Error).message);
    }
    function hoisted() {
      return [process.pid, Buffer.from("x"), structuredClone({ hoisted: 1 })];
    }
    class Own {
      static #secret = new Map<string, unknown>();
      get value() {
        return Own.#secret;
      }
    }
    console.log(hoisted().length, new Own().value.size, import.meta.main);
  }, { name: "fine", args: [shadowed] });
  for await (const _ of fine.stdout);
  await fine.refresh();
  assertEquals(fine.exit?.code, 0, (await fine.stderr.tail()).join("\n"));
  assertEquals(await fine.stdout.tail(), ["undefined x", "3 0 false"]);
});

declare const missing: unknown;

Deno.test("runFunction rejects methods and built-in functions", async () => {
  await using base = new TempBase();
  const object = {
    method() {
      return 1;
    },
  };
  await assertRejects(
    () => base.manager.runFunction(object.method, { name: "a" }),
    Error,
    "Cannot run 'a' as its source is not complete by itself, as that of a method: wrap it in a function, as in () => work()",
  );
  assertEquals(await base.manager.exists("a"), false);
  await assertRejects(
    () => base.manager.runFunction(parseInt, { name: "a", args: ["1"] }),
    TypeError,
    "'parseInt' is built in or bound",
  );
});
