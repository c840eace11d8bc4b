import type { ButtonFor } from "./words.ts";

/** What a view has asked the kernel for, and has no answer to yet. */
export interface Asked {
  /** What waits for the kernel, or null. */
  readonly waiting: ButtonFor | null;
  /** Why the kernel refused the last request, or null. */
  readonly refusal: string | null;
}

const NOTHING: Asked = { waiting: null, refusal: null };

/** Follows the requests of one view until they are answered. */
export class Requests {
  readonly #onChange: () => void;
  #asked = NOTHING;

  /** @param onChange Called when {@linkcode asked} is another. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get asked(): Asked {
    return this.#asked;
  }

  /** Sends a request; one at a time, so that nothing is asked for twice. */
  async send(control: ButtonFor, request: () => Promise<void>): Promise<void> {
    if (this.#asked.waiting) return;
    this.#set({ waiting: control, refusal: null });
    try {
      await request();
      this.#set(NOTHING);
    } catch (error) {
      const refusal = error instanceof Error ? error.message : String(error);
      this.#set({ waiting: null, refusal });
    }
  }

  #set(asked: Asked): void {
    this.#asked = asked;
    this.#onChange();
  }
}
