import { isDeepStrictEqual } from "node:util";

/** The name of a trait. */
type Trait<T extends object> = keyof T & string;

/** A change of one trait. */
export interface TraitChange<T extends object, K extends keyof T = keyof T> {
  /** The name of the trait. */
  readonly trait: K;
  /** The new value. */
  readonly value: T[K];
  /** The value before the change. */
  readonly previous: T[K];
}

/**
 * Functions that validate new values of traits. Each returns the value to store
 * or throws an error that explains why the value is invalid.
 */
export type TraitChecks<T extends object> = {
  [K in keyof T]?: (value: unknown) => T[K];
};

/**
 * Names the sliding lists among the traits. Each is mapped to the trait that
 * holds the number of its first item.
 */
export type SlidingLists<T extends object> = {
  readonly [K in Trait<T>]?: Trait<T>;
};

/** Options of {@linkcode TraitStore}. */
export interface TraitStoreOptions<T extends object> {
  /** Validation of values that are set later. */
  readonly checks?: TraitChecks<T>;
  /** Lists that are compared by identity instead of by content. */
  readonly sliding?: SlidingLists<T>;
}

/**
 * Holds the traits of a widget: named JSON values that report their changes.
 *
 * Values are copied and frozen, so no caller can change them unnoticed. They are
 * compared by content, except for sliding lists, which are too long for that: a
 * sliding list has changed when another array is set.
 */
export class TraitStore<T extends object> {
  readonly #values: T;
  readonly #checks: TraitChecks<T>;
  readonly #sliding: { [K in Trait<T>]?: Trait<T> };
  /** The arrays that sliding lists were copied from. */
  readonly #sources = new Map<keyof T, unknown>();

  /**
   * Creates a store.
   *
   * @param initial Every trait with its initial value.
   * @throws {TypeError} If a value is not JSON.
   */
  constructor(
    initial: T,
    { checks = {}, sliding = {} }: TraitStoreOptions<T> = {},
  ) {
    this.#checks = checks;
    this.#sliding = {};
    this.#values = {} as T;
    this.add(initial, sliding);
  }

  /** The sliding lists. */
  get sliding(): SlidingLists<T> {
    return this.#sliding;
  }

  /**
   * Adds traits, in place of those of the same name.
   *
   * @throws {TypeError} If a value is not JSON; no trait is added then.
   */
  add(values: Partial<T>, sliding: SlidingLists<T> = {}): void {
    const added = Object.entries(values).map((
      [trait, value],
    ) => [trait, immutable(value, trait)]);
    Object.assign(this.#values, Object.fromEntries(added));
    Object.assign(this.#sliding, sliding);
    for (const list of Object.keys(sliding) as Trait<T>[]) {
      this.#sources.set(list, values[list]);
    }
  }

  /** Removes traits; those that do not exist are ignored. */
  remove(traits: readonly Trait<T>[]): void {
    for (const trait of traits) {
      delete this.#values[trait];
      delete this.#sliding[trait];
      this.#sources.delete(trait);
    }
  }

  /**
   * Returns the value of a trait. Lists and objects are frozen.
   *
   * @throws {TypeError} If the trait does not exist.
   */
  get<K extends keyof T>(trait: K): T[K] {
    this.#checkName(trait);
    return this.#values[trait];
  }

  /** Returns a copy of all traits. */
  all(): T {
    return { ...this.#values };
  }

  /**
   * Sets several traits and returns those that changed. If one value is invalid,
   * no trait is set.
   *
   * @throws {TypeError} If a trait does not exist or a value is not JSON.
   */
  update(values: Partial<T>): TraitChange<T>[] {
    // Most traits are unchanged at most ticks, so these come first and cost least.
    const checked: { trait: Trait<T>; value: T[Trait<T>]; source: unknown }[] =
      [];
    for (const trait in values) {
      if (this.#isCurrent(trait, values[trait])) continue;
      checked.push(this.#checkValue(trait, values[trait]));
    }
    const changes: TraitChange<T>[] = [];
    for (const { trait, value, source } of checked) {
      if (this.#slides(trait)) this.#sources.set(trait, source);
      const previous = this.#values[trait];
      if (this.#areEqual(trait, previous, value)) continue;
      this.#values[trait] = value;
      changes.push({ trait, value, previous });
    }
    return changes;
  }

  /**
   * Returns the traits that differ from those in `other`. A sliding list also
   * differs when only the number of its first item does.
   */
  differences(other: T): Partial<T> {
    const differences: Partial<T> = {};
    for (const trait of Object.keys(this.#values) as (Trait<T>)[]) {
      const first = this.#sliding[trait];
      const differs = !this.#areEqual(trait, this.#values[trait], other[trait]);
      if (differs || first && this.#values[first] !== other[first]) {
        differences[trait] = this.#values[trait];
      }
    }
    return differences;
  }

  #checkValue(
    trait: Trait<T>,
    source: T[Trait<T>] | undefined,
  ) {
    this.#checkName(trait);
    const check = this.#checks[trait];
    const value = immutable(check ? check(source) : source, trait);
    return { trait, value: value as T[Trait<T>], source };
  }

  /** Returns whether this is, without looking into it, the value that is set, or the
   * array that a sliding list was set to. */
  #isCurrent(trait: Trait<T>, value: unknown): boolean {
    if (value === undefined) return false;
    return value === this.#values[trait] || value === this.#sources.get(trait);
  }

  #areEqual(trait: Trait<T>, a: unknown, b: unknown): boolean {
    return this.#slides(trait) ? a === b : isEqual(a, b);
  }

  #slides(trait: Trait<T>): boolean {
    return Object.hasOwn(this.#sliding, trait);
  }

  #checkName(trait: keyof T): void {
    if (Object.hasOwn(this.#values, trait)) return;
    const names = Object.keys(this.#values).join(", ");
    throw new TypeError(
      `Cannot find a trait named '${String(trait)}': the traits are ${names}`,
    );
  }
}

/** Compares two JSON values by content. */
export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

/** Lists and objects returned by {@linkcode immutable}. */
const frozen = new WeakSet<object>();

/** How deep a value may be nested: far less than what overflows the stack. */
const MAX_DEPTH = 200;

/** Returns whether a value can be stored as it is. */
function isImmutable(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return value === null || frozen.has(value);
    default:
      return false;
  }
}

/**
 * Returns a frozen copy of a JSON value. One that is already deeply frozen is
 * returned as it is, so that it can be compared by identity.
 */
function immutable(value: unknown, path: string, depth = 0): unknown {
  if (isImmutable(value)) return value;
  if (typeof value !== "object" || value === null) throw notJson(value, path);
  if (depth === MAX_DEPTH) {
    throw new TypeError(
      `Cannot set '${
        path.split(/[.[]/, 1)[0]
      }' as it is nested more than ${MAX_DEPTH} levels deep: flatten it`,
    );
  }
  if (isFrozenList(value, depth)) return value;
  const copy = copyOf(value, path, depth + 1);
  const kept = Object.isFrozen(value) && hasSameItems(value, copy)
    ? value
    : Object.freeze(copy);
  frozen.add(kept);
  return kept;
}

/** Returns whether a value is a list that is deeply frozen, if it holds no objects but
 * such that are known to be: long lists are usually that, and cost no copy. */
function isFrozenList(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || !Object.isFrozen(value)) return false;
  if (depth === MAX_DEPTH) return false;
  // Unlike `every`, it does not skip items that are missing.
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    if (!isImmutable(item) && !isFrozenList(item, depth + 1)) return false;
  }
  frozen.add(value);
  return true;
}

function hasSameItems(a: object, b: object): boolean {
  const items = Object.values(b);
  return Object.values(a).every((item, at) => item === items[at]);
}

function copyOf(value: object, path: string, depth: number): object {
  // Paths are only needed where something has to be copied or refused.
  const copy = (item: unknown, path: () => string) =>
    isImmutable(item) ? item : immutable(item, path(), depth);
  if (Array.isArray(value)) {
    return Array.from(value, (item, i) => copy(item, () => `${path}[${i}]`));
  }
  const prototype = Object.getPrototypeOf(value);
  // The prototype of a parsed object may be null or another realm's.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notJson(value, path);
  }
  return Object.fromEntries(
    Object.entries(value).map((
      [key, item],
    ) => [key, copy(item, () => `${path}.${key}`)]),
  );
}

function notJson(value: unknown, path: string): TypeError {
  return new TypeError(
    `Cannot set '${path}' as it must be a JSON value: current value is ${
      Deno.inspect(value)
    }`,
  );
}
