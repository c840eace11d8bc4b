import { worksWithAnywidget } from "./support/anywidget_version.ts";

// The oldest one that is supported; `tests/soak/` has those in between.
Deno.test("A widget works in JupyterLab with anywidget 0.9.21", async () => {
  await worksWithAnywidget("0.9.21");
});
