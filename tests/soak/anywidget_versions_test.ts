import { worksWithAnywidget } from "../browser/support/anywidget_version.ts";

Deno.test("A widget works in JupyterLab with anywidget 0.10.0", async () => {
  await worksWithAnywidget("0.10.0");
});
