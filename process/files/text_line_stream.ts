/**
 * Splits text into lines, without their line ends (`\n` or `\r\n`).
 *
 * Unlike `node:readline`, it does not split at a single `\r`, which progress
 * bars print, or at U+2028, which a JSON string may contain.
 */
export class TextLineStream extends TransformStream<string, string> {
  /** Creates a stream that starts at the beginning of a line. */
  constructor() {
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) controller.enqueue(line.replace(/\r$/, ""));
      },
      flush(controller) {
        if (rest !== "") controller.enqueue(rest);
      },
    });
  }
}
