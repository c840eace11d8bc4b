import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";

/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** The heading above it. */
  readonly section: string;
  /** The language, the first word after the fence. */
  readonly language: string;
  /** The name of the file to save it as, the second word; null without one. */
  readonly file: string | null;
  readonly code: string;
}

/** Returns the code blocks of README.md, in order. */
export async function readBlocks(): Promise<CodeBlock[]> {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  const blocks: CodeBlock[] = [];
  let section = "";
  const pattern = /^#+ (.+)$|^```(\S*) *(\S*)\n([^]*?)^```$/gm;
  for (const [, heading, language, file, code] of text.matchAll(pattern)) {
    if (heading) section = heading;
    else blocks.push({ section, language, file: file || null, code });
  }
  return blocks;
}
