import { survivesReloads } from "../browser/support/reloads.ts";

/** Keeps both cores busy until disposed of. */
function load(): Disposable {
  const children = [0, 1].map(() =>
    new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }).spawn()
  );
  return { [Symbol.dispose]: () => children.forEach((child) => child.kill()) };
}

for (const [app, rounds] of [["lab", 50], ["notebook", 5]] as const) {
  Deno.test(`Widgets in ${app} survive ${rounds} reloads under load`, async () => {
    const losesLastMessage = app === "notebook";
    await survivesReloads(app, {
      ...{ rounds, losesLastMessage, load },
      checksLeaks: true,
    });
  });
}
