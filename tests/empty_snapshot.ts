import type { ProcessSnapshot } from "../process/snapshot.ts";

/** A snapshot of a process of which nothing is known. */
export const EMPTY_SNAPSHOT: ProcessSnapshot = {
  name: "",
  status: "unknown",
  pid: null,
  startedAt: null,
  exit: null,
  job: null,
  command: null,
  ttlSeconds: null,
  health: null,
  usage: null,
  stdoutFirst: 0,
  stdoutLines: [],
  stderrFirst: 0,
  stderrLines: [],
  error: null,
};
