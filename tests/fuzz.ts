/** Feeds what reads hostile input with random variations of real input. */
import { assert } from "@std/assert";
import fc from "fast-check";
import process from "node:process";
import { linksIn, piecesOf } from "../frontend/logs/pieces.ts";
import { Terminal } from "../frontend/terminal/terminal.ts";
import { $display } from "../jupyter/display.ts";
import { AnyWidget } from "../jupyter/mod.ts";
import { newId } from "../jupyter/protocol.ts";
import { GoneError, RefusedError, registry } from "../jupyter/registry.ts";
import {
  parseConfig,
  parseExit,
  parseLaunch,
  parsePidFile,
  parseState,
  parseStopMarker,
} from "../process/directory/formats.ts";
import { parseHealth } from "../process/directory/health.ts";
import { MAX_PARSED_SIZE } from "../process/files/parsed_file.ts";
import { ReasonError } from "../process/files/reading.ts";
import { MAX_LINE_SIZE } from "../process/logs/line_buffer.ts";

/** The most that one input may take, in milliseconds of CPU time and in bytes. */
const MAX_MS = 50;
const MAX_BYTES = 50_000_000;

/** Something that reads input which anybody may have written. */
export interface FuzzTarget {
  readonly name: string;
  /** Real inputs, which are varied. */
  readonly seeds: readonly string[];
  /** Parts of inputs, which are inserted and repeated. */
  readonly parts: readonly string[];
  /** The longest input that reaches it, in UTF-16 units. */
  readonly maxLength: number;
  /** Handles an input; throws an error that a caller expects, or none. */
  readonly handle: (input: string) => void;
  /** Returns whether an error is one that callers expect. */
  readonly expects: (error: unknown) => boolean;
}

/**
 * Varies the seeds of a target, and checks that each input leads to a result or
 * to an expected error, within 50 ms of CPU time and 50 MB.
 *
 * @param runs Number of inputs.
 */
export function fuzz(target: FuzzTarget, runs: number): void {
  fc.assert(fc.property(inputs(target), (input) => check(target, input)), {
    numRuns: runs,
  });
}

function inputs(
  { seeds, parts, maxLength }: FuzzTarget,
): fc.Arbitrary<string> {
  const part = fc.constantFrom(...parts);
  const repeated = (most: number) =>
    fc.tuple(part, fc.nat(most)).map(([part, times]) =>
      part.repeat(Math.min(times, Math.floor(maxLength / part.length)))
    );
  const insertion = fc.oneof(
    { weight: 1000, arbitrary: part },
    { weight: 500, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
    { weight: 500, arbitrary: fc.double().map(String) },
    { weight: 500, arbitrary: repeated(50) },
    { weight: 1, arbitrary: repeated(maxLength) },
  );
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(20),
    insertion,
  );
  return fc.tuple(
    fc.constantFrom(...seeds, ""),
    fc.array(edit, { maxLength: 6 }),
  )
    .map(([seed, edits]) =>
      edits.reduce((text, [place, removed, inserted]) => {
        const at = Math.floor(place * text.length);
        return text.slice(0, at) + inserted + text.slice(at + removed);
      }, seed).slice(0, maxLength)
    );
}

function check(target: FuzzTarget, input: string): void {
  const cost = measure(target, input);
  if (cost.ms <= MAX_MS && cost.bytes <= MAX_BYTES) return;
  // Garbage collection may have taken the time.
  const costs = Array.from({ length: 10 }, () => measure(target, input));
  const ms = Math.min(...costs.map(({ ms }) => ms));
  const bytes = Math.min(...costs.map(({ bytes }) => bytes));
  assert(ms <= MAX_MS, `${target.name} took ${ms} ms`);
  assert(bytes <= MAX_BYTES, `${target.name} took ${bytes} bytes`);
}

function measure({ handle, expects }: FuzzTarget, input: string) {
  const heap = Deno.memoryUsage().heapUsed;
  const start = cpuMs();
  try {
    handle(input);
  } catch (error) {
    if (!expects(error)) throw error;
  }
  const ms = cpuMs() - start;
  return { ms, bytes: Deno.memoryUsage().heapUsed - heap };
}

/** Returns the CPU time of this program: the clock would count other programs. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function parser(
  name: string,
  handle: (text: string) => unknown,
  seeds: readonly string[],
  parts: readonly string[] = JSON_PARTS,
): FuzzTarget {
  return {
    name,
    seeds,
    parts,
    maxLength: MAX_PARSED_SIZE,
    // A widget sends what it reads to its pages, as JSON.
    handle: (text) => JSON.stringify(handle(text)),
    expects: (error) => error instanceof ReasonError,
  };
}

const JSON_PARTS = [
  ...'{}[]":,\\ \n\0-',
  ...["null", "true", "1e999", "-0", "NaN", "-Infinity", "0.1", "1e-999"],
  ...['"pid":', '"__proto__":', '"toString":', '"status":', '"details":'],
  ...['"\\ud800"', "\ud800", "\u2028", "\ufeff", '{"a":', "[[", '\\"', "💥"],
];

const ANSI_PARTS = [
  ...["\x1b[", "\x1b", "\x9b", "\x1b]8;;", "\x1b]0;", "\x1b\\", "\x07", ";"],
  ...["\x1b[A", "\x1b[50B", "\x1b[9999C", "\x1b[4096@", "\x1b[P", "\x1b[X"],
  ...["\x1b[2J", "\x1b[1J", "\x1b[K", "\x1b[1K", "\x1b[H", "\x1b[s", "\x1b[u"],
  ...["\x1bM", "\x1bc", "\x1b7", "\x1b8", "\x1b[38;5;", "\x1b[38;2;1;2;3m"],
  ...["\x1b[0m", "\x1b[4:3m", "\r", "\b", "\t", "\v", "日", "e\u0301", "👩‍👩‍👧"],
  ...["\u200d", "\ud83d", "http://a.", "https://[", ")", "]", ".", "(", "://"],
  ...["99999999999", " ", "\0", "a"],
];

/** The files of a process, by what parses them. */
const FILES: readonly FuzzTarget[] = [
  parser("parsePidFile", parsePidFile, ["4711\n", "4711\n/var/lib\n5432\n"], [
    ..."0123456789-+.\n\r\t\0 ex",
    ...["\u0660", "1e3", "0x10", "2147483648"],
  ]),
  parser("parseState", parseState, [
    '{"pid": 4711, "process_create_time": 1763830245.37, "created_at": "2026-11-22T16:50:45"}',
  ]),
  parser("parseConfig", parseConfig, [
    '{"name": "x", "cmd": ["sh", "-c", "true"], "env": {"A": "b"}, "process_dir": "/x", "runner_type": "subprocess", "ttl_seconds": 60, "log_level": "INFO"}',
  ]),
  parser("parseLaunch", parseLaunch, ['{"cwd": "/tmp"}']),
  parser("parseHealth", parseHealth, [
    '{"status": "healthy", "timestamp": "2026-11-22T16:50:45Z", "message": "fine", "details": {"a": [1, {"b": null}]}}',
  ]),
  parser("parseExit", parseExit, [
    '{"pid": 4711, "process_create_time": 1763830245.37, "exit_code": null, "exit_signal": "SIGTERM", "exited_at": "2026-11-22T16:50:45.123Z", "reason": "terminated"}',
  ]),
  parser("parseStopMarker", parseStopMarker, [
    '{"pid": 4711, "until": 1763830245370}',
  ]),
];

/** Log lines as the page prints and cuts them. */
const ANSI: FuzzTarget = {
  name: "Terminal",
  seeds: [
    "plain text, see https://a.example/b?c=d#e.",
    "\x1b[32mok\x1b[0m 10%\r20%\r\x1b[K100%",
    "\x1b[2A\x1b[1Gone\x1b[2B\x1b[1G日本",
  ],
  parts: ANSI_PARTS,
  maxLength: MAX_LINE_SIZE,
  handle(line) {
    const terminal = new Terminal();
    terminal.print(["before", line]);
    terminal.reprint(line);
    terminal.print(["after"]);
    for (const row of terminal.rows) {
      linksIn(row.text);
      const pieces = piecesOf(row, []);
      assert(pieces.map(({ text }) => text).join("") === row.text);
    }
  },
  expects: () => false,
};

/** Messages of pages to a widget. */
async function pageMessages(): Promise<FuzzTarget> {
  const widget = new AnyWidget({
    id: "fuzzed",
    esm: "export default {}",
    traits: { count: 0, list: [] as unknown[] },
    writable: ["count", "list"],
  });
  await widget[$display]();
  const to = widget.modelId;
  const messages = [
    { to, method: "update", state: { count: 1, list: [{ a: [] }] } },
    { to, method: "custom", content: { control: "pause" } },
    { to, method: "views", page: "p", views: 1, resync: true },
    { method: "leave", page: "p" },
    { method: "restore", page: "p", probe: "q", missing: [to, "other"] },
  ];
  return {
    name: "WidgetRegistry",
    seeds: messages.map((message) => JSON.stringify({ id: "?", ...message })),
    parts: [
      ...JSON_PARTS,
      '"to":',
      `"${to}"`,
      '"method":',
      '"views":',
      '"id":',
    ],
    maxLength: 100_000,
    handle(text) {
      // A message that is received again only repeats its result.
      const fresh = text.replace('"id":"?"', `"id":"${newId()}"`);
      registry().receive(encodeText(fresh));
    },
    expects: (error) =>
      error instanceof RefusedError || error instanceof GoneError ||
      error instanceof TypeError && error.message.startsWith("Cannot set '"),
  };
}

function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Returns everything that reads hostile input. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [...FILES, ANSI, await pageMessages()];
}
