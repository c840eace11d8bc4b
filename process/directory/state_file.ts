/** Reading and writing the small files of a process directory, once each. */
import { join } from "@std/path";
import { ParsedFile } from "../files/parsed_file.ts";
import {
  parseConfig,
  parseState,
  type ProcessConfig,
  type ProcessState,
} from "./state.ts";

/**
 * What `config.json` of a directory says; null when there is none.
 *
 * @throws {Error} If it cannot be read or parsed; the message says why.
 */
export async function readConfig(dir: string): Promise<ProcessConfig | null> {
  const { value, error } = await new ParsedFile(
    join(dir, "config.json"),
    parseConfig,
  ).read();
  if (error !== null) throw new Error(error);
  return value;
}

/** What `process_state.json` of a directory says; null when that is nothing. */
export async function readState(dir: string): Promise<ProcessState | null> {
  const file = join(dir, "process_state.json");
  return (await new ParsedFile(file, parseState).read()).value;
}

/** The text of a `process_state.json` that says this. */
export function formatState(state: ProcessState): string {
  return JSON.stringify(
    {
      pid: state.pid,
      process_create_time: state.createTime,
      created_at: new Date(state.createdAt ?? Date.now()).toISOString(),
    },
    null,
    2,
  ) + "\n";
}
