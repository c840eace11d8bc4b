import { ProcTable } from "./proc_table.ts";
import type { ProcessTable } from "./process_table.ts";
import { PsTable } from "./ps_table.ts";

/** The process table of this machine, shared by everything that reads it. */
export const localProcessTable: ProcessTable = Deno.build.os === "linux"
  ? new ProcTable()
  : new PsTable();
