import { ParsedFile } from "../files/parsed_file.ts";
import type { Reading } from "../files/reading.ts";
import { compareScope, readPidScope } from "../system/pid_scope.ts";
import {
  parseStart,
  parseState,
  type ProcessState,
  type StartRecord,
} from "./formats.ts";

/** Which process a directory records. */
export interface StateReading extends Reading<ProcessState | null> {
  /**
   * Why the recorded process cannot be seen from here, to follow "as"; null if
   * it can. The value is null then.
   */
  readonly elsewhere: string | null;
}

const NOTHING: StateReading = { value: null, error: null, elsewhere: null };

/**
 * Reads which process a directory records: its state file, completed by its
 * start file, which says where the process runs and identifies it for certain.
 *
 * A start file counts only if it is of the process in the state file: other
 * systems write no start file. It is read only when the state file has changed.
 */
export class StateReader {
  readonly #stateFile: ParsedFile<ProcessState>;
  readonly #startFile: ParsedFile<StartRecord>;
  #state: ProcessState | null = null;
  #last = NOTHING;

  /** Prepares to read the two files; reads nothing yet. */
  constructor(files: { stateFile: string; startFile: string }) {
    this.#stateFile = new ParsedFile(files.stateFile, parseState);
    this.#startFile = new ParsedFile(files.startFile, parseStart);
  }

  /**
   * Returns which process is recorded; on an error, the last known one. The
   * value stays the same object until the state file is read again. Never
   * rejects.
   */
  async read(): Promise<StateReading> {
    const { value: state, error } = await this.#stateFile.read();
    if (state !== this.#state) {
      try {
        this.#last = state === null ? NOTHING : await this.#locate(state);
        this.#state = state;
      } catch (error) {
        return { ...NOTHING, error: messageOf(error) };
      }
    }
    return error === null ? this.#last : { ...this.#last, error };
  }

  /** @throws {Error} If that cannot be read now; the message is a sentence. */
  async #locate(state: ProcessState): Promise<StateReading> {
    const { value: start, error } = await this.#startFile.read();
    if (error !== null) throw new Error(error);
    if (start === null || !isSameStart(start, state)) {
      return { ...NOTHING, value: state };
    }
    const scope = compareScope(start, await readPidScope());
    if (scope === "own" || scope === "earlier") {
      const { startTicks } = start;
      const rebooted = scope === "earlier";
      return { ...NOTHING, value: { ...state, start, startTicks, rebooted } };
    }
    const elsewhere = this.#describe(start, scope);
    const message = `Cannot see process ${state.pid} as ${elsewhere}`;
    return { value: null, error: message, elsewhere };
  }

  #describe({ host }: StartRecord, scope: "host" | "container"): string {
    const detail = scope === "container"
      ? ", in another container or outside of this one"
      : "";
    return `it runs on ${
      host === null ? "another host" : `'${host}'`
    }${detail}: ` +
      `act there, or delete '${this.#stateFile.path}' if that ${scope} is gone`;
  }
}

function isSameStart(start: StartRecord, state: ProcessState): boolean {
  return start.pid === state.pid && start.createTime === state.createTime;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
