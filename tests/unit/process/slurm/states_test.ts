import { assertEquals } from "@std/assert";
import {
  endNote,
  isFailure,
  pendingReason,
  phaseOf,
} from "../../../../process/slurm/states.ts";

Deno.test("phaseOf maps the states of Slurm to ours", () => {
  const phases = [
    ["PENDING", "pending"],
    ["CONFIGURING", "pending"],
    ["REQUEUED", "pending"],
    ["RUNNING", "running"],
    ["COMPLETING", "running"],
    ["SUSPENDED", "suspended"],
    ["TIMEOUT", "ended"],
    ["NODE_FAIL", "ended"],
    ["NEW_STATE", "unknown"],
  ];
  for (const [state, phase] of phases) assertEquals(phaseOf(state), phase);
});

Deno.test("pendingReason says in words why a job waits", () => {
  assertEquals(
    pendingReason("Resources"),
    "it waits for free resources (Resources)",
  );
  assertEquals(
    pendingReason("QOSMaxJobsPerUserLimit"),
    "a limit of its QOS (QOSMaxJobsPerUserLimit)",
  );
  assertEquals(pendingReason("SomethingNew"), "SomethingNew");
  assertEquals([pendingReason("None"), pendingReason("")], [null, null]);
});

Deno.test("endNote says in words what ended a job", () => {
  assertEquals(
    [
      endNote("TIMEOUT", {}),
      endNote("OUT_OF_MEMORY", {}),
      endNote("NODE_FAIL", { node: "n1" }),
      endNote("PREEMPTED", {}),
      endNote("CANCELLED", { by: "ada" }),
      endNote("FAILED", { reason: "NonZeroExitCode" }),
      endNote("COMPLETED", {}),
    ],
    [
      "time limit reached",
      "out of memory",
      "its node n1 failed",
      "preempted by another job",
      "cancelled by ada",
      null,
      null,
    ],
  );
});

Deno.test("isFailure counts what nobody asked for", () => {
  const states = [
    "COMPLETED",
    "CANCELLED",
    "TIMEOUT",
    "PREEMPTED",
    "NODE_FAIL",
  ];
  assertEquals(states.filter(isFailure), ["PREEMPTED", "NODE_FAIL"]);
});
