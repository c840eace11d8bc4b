import { worksWithAnywidget } from "../browser/support/anywidget_version.ts";

// From the oldest one that is supported to the one before the environment's.
for (const version of ["0.9.21", "0.10.0"]) {
  Deno.test(`A widget works in JupyterLab with anywidget ${version}`, async () => {
    await worksWithAnywidget(version);
  });
}
