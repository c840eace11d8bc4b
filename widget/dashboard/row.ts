import type { Reading } from "../../process/files/reading.ts";
import type { ChangeWatch } from "../../process/files/change_watch.ts";
import { type LastLine, LastLineReader } from "../../process/logs/last_line.ts";
import { ProcessReader } from "../../process/reader.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import type { ExitWatch } from "../../process/system/exit_watch.ts";
import type { ProcessIdentity } from "../../process/system/identity.ts";
import { localProcessTable } from "../../process/system/local_process_table.ts";
import { UsageMeter } from "../../process/system/usage.ts";
import { watchFiles } from "../push.ts";
import {
  initialTraits,
  type ProcessTraits,
  snapshotTraits,
  type Stream,
} from "../traits.ts";
import type { UsageSample } from "../usage_history.ts";
import type { ListedProcess } from "./source.ts";
import { StepHistory } from "./step_history.ts";
import type { Row, RowAction, RowId, RowTrait } from "./traits.ts";

/** The last line of a process, and its stream. */
interface LastOutput {
  readonly stream: Stream | null;
  readonly text: string;
  readonly errors: readonly string[];
}

/**
 * Polls the process of a row, reading its files only when they may have changed.
 *
 * While events report every change of its files and its exit, there is nothing to
 * poll. Where they do not, it is polled at every tick.
 */
export class RowPoller implements Disposable {
  readonly id: RowId;
  readonly process: ListedProcess;
  readonly #exits: ExitWatch;
  readonly #reader: ProcessReader;
  readonly #logs: readonly (readonly [Stream, LastLineReader])[];
  readonly #meter = new UsageMeter(localProcessTable);
  readonly #history = new StepHistory();
  readonly #watch: ChangeWatch;
  #row: Row;
  /** The pid of a process on this machine. */
  #pid: number | null = null;
  /** Whether it is a job, whose usage its polls return. */
  #isJob = false;
  #identity: ProcessIdentity | null = null;
  /** Whether something may have changed that was not read. */
  #isDue = true;
  /** Whether every change of its files is reported by an event. */
  #filesAreWatched = false;
  /** Whether its exit is reported. */
  #exitIsWatched = false;
  #isClosed = false;

  /** Prepares to poll; reads nothing yet. */
  constructor(id: RowId, process: ListedProcess, exits: ExitWatch) {
    this.id = id;
    this.process = process;
    this.#exits = exits;
    const { files } = process;
    const { stdout, stderr } = files;
    this.#reader = new ProcessReader(
      { ...files, stdout: null, stderr: null },
      { lines: 0 },
    );
    this.#logs = [
      ...stdout === null
        ? []
        : [["stdout", new LastLineReader(stdout)]] as const,
      ...stderr === null
        ? []
        : [["stderr", new LastLineReader(stderr)]] as const,
    ];
    this.#watch = watchFiles(files, () => this.#isDue = true);
    this.#row = initialRow(process);
  }

  /** What the row shows; another object once it has changed. */
  get row(): Row {
    return this.#row;
  }

  /** The usage of the last 2 minutes, in steps. */
  get usage(): readonly UsageSample[] {
    return this.#history.samples;
  }

  /** The pid, or null if it was not running at the last poll. */
  get pid(): number | null {
    return this.#pid;
  }

  /** Whether it has to be polled now. */
  get isDue(): boolean {
    return this.#isDue || !this.#filesAreWatched || !this.#exitIsWatched;
  }

  /** Makes it due. */
  expire(): void {
    this.#isDue = true;
  }

  /** Shows an action, or null for none. */
  set action(action: RowAction | null) {
    this.#row = Object.freeze({ ...this.#row, action });
  }

  /**
   * Polls it, from `snapshot` if somebody has just polled it more closely. Never
   * rejects.
   */
  async poll(snapshot?: ProcessSnapshot): Promise<void> {
    // Whatever changes from now on makes it due again.
    this.#isDue = false;
    await this.#arm();
    const [found, output] = await Promise.all([
      snapshot ?? this.#reader.read({ usage: this.#isJob }),
      this.#readOutput(),
    ]);
    if (this.#isClosed) return;
    this.#isJob = found.job !== null;
    // A pid of another machine means nothing here.
    this.#hold(this.#isJob ? null : found.pid);
    // An error may end without an event, and no event says what a scheduler does.
    if (found.error !== null || this.#isJob) this.#isDue = true;
    if (snapshot || this.#isJob) this.#history.add(Date.now(), found.usage);
    this.#row = unlessEqual(rowOf(found, output, this.#row), this.#row);
  }

  /** Measures its usage, and makes it due if it has exited, or was suspended or
   * resumed. */
  async measure(): Promise<void> {
    if (this.#isJob) return;
    const pid = this.#pid;
    if (pid !== null && !await this.#isAsShown(pid)) this.#isDue = true;
    this.#history.add(Date.now(), await this.#meter.read(pid));
  }

  /** Stops watching until the next poll. */
  rest(): void {
    this.#watch.disarm();
    this.#filesAreWatched = false;
    this.#isDue = true;
  }

  /** Stops watching for good. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#watch.disarm();
    this.#hold(null);
    this.#reader.close();
  }

  /** Does the same as {@linkcode RowPoller.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #isAsShown(pid: number): Promise<boolean> {
    try {
      if (this.#identity?.pid !== pid) {
        this.#identity = await localProcessTable.find(pid);
      }
      const found = this.#identity &&
        await localProcessTable.recheck(this.#identity);
      const isSuspended = this.#row.status === "suspended";
      return found !== null && (found.state === "suspended") === isSuspended;
    } catch {
      // The poll says why the process table cannot be read.
      return false;
    }
  }

  async #arm(): Promise<void> {
    if (this.#watch.armed || this.#isClosed) return;
    const obstacle = await this.#watch.arm();
    // The creation of a file outside of a process directory is not reported.
    this.#filesAreWatched = this.process.files.processDir !== null &&
      obstacle === null && this.#watch.armed;
  }

  /** Has the exit of its process reported. */
  #hold(pid: number | null): void {
    if (pid === this.#pid && this.#exitIsWatched) return;
    if (this.#pid !== null) this.#exits.remove(this.#pid);
    this.#pid = pid;
    this.#exitIsWatched = pid === null || this.#exits.add(pid);
    // The pid may have been assigned to another process just before.
    if (pid !== null) this.#isDue = true;
  }

  async #readOutput(): Promise<LastOutput> {
    const found = await Promise.all(
      this.#logs.map(async ([stream, log]) =>
        [stream, await log.read()] as const
      ),
    );
    const [stream, { value }] = found.reduce(newer, NO_OUTPUT);
    return {
      stream,
      text: value.text,
      errors: found.flatMap(([, { error }]) => error ?? []),
    };
  }
}

type Output = readonly [Stream | null, Reading<LastLine>];

const NO_OUTPUT: Output = [null, {
  value: { text: "", changedAt: -Infinity },
  error: null,
}];

function newer(a: Output, b: Output): Output {
  const [, { value }] = b;
  return value.text !== "" && value.changedAt > a[1].value.changedAt ? b : a;
}

function initialRow({ files, controls }: ListedProcess): Row {
  const traits = initialTraits(files, {
    theme: "auto",
    polling_interval: 1,
    lines: 0,
    controls: [],
  });
  return {
    ...rowTraitsIn(traits),
    last_line: "",
    last_stream: null,
    controls,
    action: null,
    error: null,
  };
}

/** Returns what a row shows of the traits of a card. */
function rowTraitsIn(
  traits: Pick<ProcessTraits, RowTrait>,
): Pick<ProcessTraits, RowTrait> {
  const { name, process_dir, status, pid, started_at, command } = traits;
  const { ttl_seconds, exit_code, exit_signal, exited_at } = traits;
  const { exit_reason, exit_note, job_reason } = traits;
  const { scheduler_notice, scheduler_at } = traits;
  const { health_status, health_message, health_timestamp } = traits;
  return {
    ...{ name, process_dir, status, pid, started_at, command },
    ...{ ttl_seconds, exit_code, exit_signal, exited_at },
    ...{ exit_reason, exit_note, job_reason, scheduler_notice, scheduler_at },
    ...{ health_status, health_message, health_timestamp },
  };
}

/** Returns the last row if the next one is equal. */
function unlessEqual(next: Row, last: Row): Row {
  const fields = Object.keys(next) as (keyof Row)[];
  const isEqual = fields.every((field) => next[field] === last[field]);
  return isEqual ? last : Object.freeze(next);
}

function rowOf(found: ProcessSnapshot, output: LastOutput, last: Row): Row {
  const errors = [
    ...found.error === null ? [] : [found.error],
    ...output.errors,
  ];
  return {
    ...last,
    ...rowTraitsIn({ ...last, ...snapshotTraits(found) }),
    last_line: output.text,
    last_stream: output.stream,
    error: errors.length === 0 ? null : errors.join("\n"),
  };
}
