import { assertEquals, assertThrows } from "@std/assert";
import { arrayTasks } from "../../../../process/slurm/array.ts";
import {
  outputPattern,
  sbatchOptions,
} from "../../../../process/slurm/options.ts";

Deno.test("sbatchOptions turns options into words of sbatch", () => {
  assertEquals(
    sbatchOptions({
      type: "slurm",
      partition: "gpu",
      cpus: 4,
      memory: "8G",
      gpus: "a100:2",
      time: "2:00:00",
      nodes: 1,
      options: ["--qos=high"],
    }, null),
    [
      "--partition=gpu",
      "--cpus-per-task=4",
      "--mem=8G",
      "--gpus=a100:2",
      "--time=2:00:00",
      "--nodes=1",
      "--qos=high",
    ],
  );
  assertEquals(sbatchOptions({ type: "slurm" }, null), []);
});

Deno.test("sbatchOptions rounds the time to live up to minutes", () => {
  assertEquals(sbatchOptions({ type: "slurm" }, 61), ["--time=2"]);
  assertEquals(sbatchOptions({ type: "slurm" }, 0.5), ["--time=1"]);
});

Deno.test("outputPattern stands for one path, whatever is in it", () => {
  assertEquals(outputPattern("/a b/100%j"), "/a b/100%%j");
  assertEquals(outputPattern("/a\\b/%j"), "/a\\\\b/%j");
});

Deno.test("arrayTasks lists the indexes of an array", () => {
  assertEquals(arrayTasks("0-3"), [0, 1, 2, 3]);
  assertEquals(arrayTasks("0-3%2"), [0, 1, 2, 3]);
  assertEquals(arrayTasks("7,1,3-4"), [1, 3, 4, 7]);
  assertEquals(arrayTasks("0-15:4"), [0, 4, 8, 12]);
  assertEquals(arrayTasks("5"), [5]);
  for (
    const wrong of ["", "a", "3-1", "0-9%", "0-9%0", "-1", "0-1000", "1;ls"]
  ) {
    assertThrows(() => arrayTasks(wrong), Error, "'runner.array' must be");
  }
});
