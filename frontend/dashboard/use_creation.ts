/** Follows the process that a view creates, from the form to its row. */

import { useEffect, useRef, useState } from "preact/hooks";
import type {
  Creation,
  Filter,
  FormValues,
  RowId,
} from "../../widget/dashboard/traits.ts";
import { filtered } from "./data/filter.ts";
import type { DashboardStore } from "./data/store.ts";

/** How long a new row is pointed out, in milliseconds. */
const REVEAL_MS = 4000;

/** What became of the process that a view creates. */
export interface OwnCreation {
  /** The last request of this view, or null. */
  readonly last: Creation | null;
  /** Whether it has not been answered yet. */
  readonly isRunning: boolean;
  /** The name of the process that it has created, or null. */
  readonly created: string | null;
  /** The row to point out, or null. */
  readonly revealed: RowId | null;
  /** The filter that hides the new row, or null. */
  readonly hiddenBy: Filter | null;
  readonly create: (values: FormValues) => Promise<void>;
  /** Points out the new row once more. */
  readonly reveal: () => void;
}

/**
 * Follows the last process that a view has created.
 *
 * @param onCreated Called when the process has been created.
 */
export function useCreation(
  store: DashboardStore,
  onCreated: () => void,
): OwnCreation {
  const request = useRef<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [revealed, setRevealed] = useState<RowId | null>(null);
  const [hiddenBy, setHiddenBy] = useState<Filter | null>(null);

  const creation = store.get("creation") ?? null;
  const last = creation?.request === request.current ? creation : null;
  const created = last?.state === "created" ? last.name : null;
  const { entries } = store.entries;
  const entry = created === null
    ? undefined
    : entries.find(({ row }) => row.name === created);
  const id = entry?.id ?? null;

  useEffect(() => {
    if (created !== null) onCreated();
  }, [created, last?.request]);
  useEffect(() => {
    if (!entry) return;
    const { filter } = store.view;
    if (filtered([entry], filter).length > 0) setRevealed(id);
    else setHiddenBy(filter);
  }, [id, last?.request]);
  useEffect(() => {
    if (revealed === null) return;
    const timer = setTimeout(() => setRevealed(null), REVEAL_MS);
    return () => clearTimeout(timer);
  }, [revealed]);

  return {
    last,
    isRunning: isSending || last?.state === "running",
    created,
    revealed,
    hiddenBy,
    async create(values) {
      request.current = crypto.getRandomValues(new Uint32Array(2)).join("");
      setSending(true);
      await store.actions.create(request.current, values);
      setSending(false);
    },
    reveal: () => setRevealed(id),
  };
}
