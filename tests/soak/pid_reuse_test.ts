import { testPidReuse } from "../faults/pid_reuse.ts";

testPidReuse(1000);
