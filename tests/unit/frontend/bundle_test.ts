import { assert, assertEquals } from "@std/assert";
import { brotliCompressSync } from "node:zlib";
import { declareText } from "../../../.tasks/build.ts";
import * as dashboard from "../../../frontend/dist/dashboard.ts";
import { css, esm } from "../../../frontend/dist/widget.ts";

/** 20 KiB, and 2 KiB for what the card shares with the dashboard. */
const MAX_COMPRESSED = (20 + 2) * 1024;

Deno.test("The bundle is at most 60 KiB, and 22 KiB compressed", () => {
  const { length: compressed } = brotliCompressSync(esm);
  assert(esm.length <= 60 * 1024, `${esm.length} bytes`);
  assert(
    compressed <= MAX_COMPRESSED,
    `${compressed} bytes compressed with Brotli`,
  );
});

Deno.test("The dashboard's bundle is at most 104 KiB, and 34 KiB compressed", () => {
  const { esm } = dashboard;
  const { length: compressed } = brotliCompressSync(esm);
  assert(esm.length <= 104 * 1024, `${esm.length} bytes`);
  assert(compressed <= 34 * 1024, `${compressed} bytes compressed with Brotli`);
});

Deno.test("The bundle of a single card contains nothing of the dashboard", () => {
  for (const part of ["process-dashboard", "pd-", "aria-rowindex"]) {
    assert(!esm.includes(part) && !css.includes(part), part);
    assert((dashboard.esm + dashboard.css).includes(part), part);
  }
});

Deno.test("A generated module exports any text unchanged", async () => {
  const text = "`${x}` \\u0041 \"'\r\n\u2028\u2029\0\ud800 😀 </script> */";
  const source = declareText("css", "widget.css", text);
  const url = `data:application/typescript,${encodeURIComponent(source)}`;
  assertEquals((await import(url)).css, text);
});
