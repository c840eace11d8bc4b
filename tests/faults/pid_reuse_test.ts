import { testPidReuse } from "./pid_reuse.ts";

testPidReuse(50);
