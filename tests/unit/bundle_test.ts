import { assert } from "@std/assert";
import js from "../../frontend/dist/widget.js" with { type: "text" };

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

Deno.test("The bundle is at most 60 KB, and 20 KB compressed", async () => {
  const [size, compressed] = [js.length, await gzipped(js)];
  assert(size <= 60_000, `${size} bytes`);
  assert(compressed <= 20_480, `${compressed} bytes compressed`);
});
