/** Number of bytes of all messages so far, as JSON. */
let bytes = 0;
let counts = false;

/**
 * Makes this program look like a Deno kernel, so that widgets send what they
 * send there. The messages go nowhere.
 */
export function installStandInKernel(): void {
  const jupyter = {
    broadcast(_type: string, content: unknown): Promise<void> {
      if (counts) {
        bytes += new TextEncoder().encode(JSON.stringify(content)).length;
      }
      return Promise.resolve();
    },
  };
  // The property itself cannot be redefined.
  const kernel = Object.create(Deno, { jupyter: { value: jupyter } });
  Object.defineProperty(globalThis, "Deno", { value: kernel });
}

/** Returns how many bytes are sent while `action` runs. */
export async function countBytes(action: () => Promise<void>): Promise<number> {
  const before = bytes;
  counts = true;
  try {
    await action();
  } finally {
    counts = false;
  }
  return bytes - before;
}
