/** Everything that is measured, in the order of the table. */
import { dashboard } from "./dashboard.ts";
import { dashboardToScreen } from "./dashboard_to_screen.ts";
import { firehose } from "./firehose.ts";
import type { Figure } from "./harness/figure.ts";
import { hourOfLog } from "./hour_of_log.ts";
import { idlePoll } from "./idle_poll.ts";
import { importing } from "./import.ts";
import { kernelMessages } from "./kernel_messages.ts";
import { lineToScreen } from "./line_to_screen.ts";
import { fastWriter, longLines } from "./log_memory.ts";
import { logSizes } from "./log_sizes.ts";
import { supervisorMemory } from "./supervisor_memory.ts";
import { thousandWidgets } from "./thousand_widgets.ts";
import { unrelatedProcesses } from "./unrelated_processes.ts";

export const FIGURES: readonly Figure[] = [
  idlePoll,
  thousandWidgets,
  unrelatedProcesses,
  dashboard,
  dashboardToScreen,
  logSizes,
  lineToScreen,
  firehose,
  hourOfLog,
  kernelMessages,
  importing,
  supervisorMemory,
  longLines,
  fastWriter,
];
