import { assert } from "@std/assert";
import { brotliCompressSync } from "node:zlib";
import js from "../../../frontend/dist/widget.js" with { type: "text" };

Deno.test("The bundle is at most 60 KB, and 20 KB compressed", () => {
  const { length: compressed } = brotliCompressSync(js);
  assert(js.length <= 60_000, `${js.length} bytes`);
  assert(compressed <= 20_000, `${compressed} bytes compressed with Brotli`);
});
