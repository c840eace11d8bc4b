import { isDeepStrictEqual } from "node:util";

/** A trait that has changed. */
export interface TraitChange<T extends object, K extends keyof T = keyof T> {
  /** The trait's name. */
  readonly trait: K;
  /** Its value now. */
  readonly value: T[K];
  /** Its value before. */
  readonly previous: T[K];
}

/**
 * What checks the values of traits: each function returns the value to keep,
 * or throws what is wrong with it.
 */
export type TraitChecks<T extends object> = {
  [K in keyof T]?: (value: unknown) => T[K];
};

/**
 * Named JSON values that know when they change.
 *
 * Values are copied in and frozen, so a value that was handed out cannot
 * change unnoticed. Equality is by content.
 */
export class Traits<T extends object> {
  readonly #values: T;
  readonly #checks: TraitChecks<T>;

  /**
   * @param initial Every trait with its first value.
   * @param checks What checks the values that are set later.
   * @throws {TypeError} when a value is not JSON.
   */
  constructor(initial: T, checks: TraitChecks<T> = {}) {
    this.#checks = checks;
    this.#values = Object.fromEntries(
      Object.entries(initial).map((
        [trait, value],
      ) => [trait, immutable(value, trait)]),
    ) as T;
  }

  /**
   * The value of a trait; lists and objects are frozen.
   *
   * @throws {TypeError} when there is no such trait.
   */
  get<K extends keyof T>(trait: K): T[K] {
    this.#checkName(trait);
    return this.#values[trait];
  }

  /** A copy of all traits. */
  all(): T {
    return { ...this.#values };
  }

  /**
   * Sets several traits and returns those that are different now. One bad
   * value leaves all traits as they were.
   *
   * @throws {TypeError} when there is no such trait, or a value is not JSON.
   */
  update(values: Partial<T>): TraitChange<T>[] {
    const traits = Object.keys(values) as (keyof T)[];
    const checked = traits.map((trait) => {
      this.#checkName(trait);
      const check = this.#checks[trait];
      const value = check ? check(values[trait]) : values[trait];
      return { trait, value: immutable(value, String(trait)) as T[keyof T] };
    });
    return checked.flatMap(({ trait, value }) => {
      const previous = this.#values[trait];
      if (sameValue(previous, value)) return [];
      this.#values[trait] = value;
      return [{ trait, value, previous }];
    });
  }

  /** The traits whose values differ by content from those in `other`. */
  differences(other: T): Partial<T> {
    const differences: Partial<T> = {};
    for (const trait of Object.keys(this.#values) as (keyof T)[]) {
      if (!sameValue(this.#values[trait], other[trait])) {
        differences[trait] = this.#values[trait];
      }
    }
    return differences;
  }

  #checkName(trait: keyof T): void {
    if (Object.hasOwn(this.#values, trait)) return;
    const names = Object.keys(this.#values).join(", ");
    throw new TypeError(
      `Cannot find a trait named '${String(trait)}': the traits are ${names}`,
    );
  }
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

/** The lists and objects made by {@linkcode immutable}: safe to share. */
const frozen = new WeakSet<object>();

/** A frozen copy of a JSON value. */
function immutable(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isFinite(value)) return value;
  if (typeof value === "object") {
    if (frozen.has(value)) return value;
    const copy = Object.freeze(copyOf(value, path));
    // What is frozen all the way down stays itself: it is known again by that.
    const kept = Object.isFrozen(value) && holdsSame(value, copy)
      ? value
      : copy;
    frozen.add(kept);
    return kept;
  }
  throw notJson(value, path);
}

function copyOf(value: object, path: string): object {
  if (Array.isArray(value)) {
    return Array.from(value, (item, i) => immutable(item, `${path}[${i}]`));
  }
  const prototype = Object.getPrototypeOf(value);
  // Objects from a JSON parser or another realm have no or a foreign Object.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notJson(value, path);
  }
  return Object.fromEntries(
    Object.entries(value).map((
      [key, item],
    ) => [key, immutable(item, `${path}.${key}`)]),
  );
}

function holdsSame(a: object, b: object): boolean {
  const items = Object.values(b);
  return Object.values(a).every((item, at) => item === items[at]);
}

function notJson(value: unknown, path: string): TypeError {
  return new TypeError(
    `Cannot set '${path}' as it must be a JSON value: current value is ${
      Deno.inspect(value)
    }`,
  );
}
