import { join } from "@std/path";
import { ROOT } from "../../.tasks/project.ts";

/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** The language, the first word after the fence. */
  readonly language: string;
  /** The name of the file to save it as, the second word; null without one. */
  readonly file: string | null;
  readonly code: string;
}

/** Returns the code blocks of README.md by the heading above them, in order. */
export async function readSections(): Promise<Map<string, CodeBlock[]>> {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  const sections = new Map<string, CodeBlock[]>();
  let section = "";
  const pattern = /^#+ (.+)$|^```(\S*) *(\S*)\n([^]*?)^```$/gm;
  for (const [, heading, language, file, code] of text.matchAll(pattern)) {
    if (heading) section = heading;
    else {
      if (!sections.has(section)) sections.set(section, []);
      sections.get(section)!.push({ language, file: file || null, code });
    }
  }
  return sections;
}
