import { task } from "./project.ts";
import { serveLab } from "./serve_lab.ts";

await task(() => serveLab());
