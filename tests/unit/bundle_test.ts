import { assert } from "@std/assert";
import js from "../../frontend/dist/widget.js" with { type: "text" };

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

// 20 KB for the view of a process, 2 KB for its controls.
Deno.test("The bundle is at most 60 KB, and 22 KB compressed", async () => {
  const [size, compressed] = [js.length, await gzipped(js)];
  assert(size <= 60_000, `${size} bytes`);
  assert(compressed <= 22_528, `${compressed} bytes compressed`);
});
