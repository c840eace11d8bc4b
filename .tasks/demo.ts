import { startDemoProcess } from "./demo_process.ts";
import { task } from "./project.ts";
import { serveLab } from "./serve_lab.ts";

await task(async () => {
  await using _ = await startDemoProcess();
  await serveLab("demo.ipynb");
});
