/** Tabs that are chosen with the mouse or the arrow keys. */

import { useRef } from "preact/hooks";

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly {
    readonly id: Id;
    readonly label: string;
    /** Number of rows, shown beside the label. */
    readonly count: number;
  }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

export function Tabs<Id extends string>(
  { label, tabs, chosen, onChoose }: TabsProps<Id>,
) {
  const list = useRef<HTMLDivElement>(null);
  const handleKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight"
      ? 1
      : event.key === "ArrowLeft"
      ? -1
      : 0;
    if (by === 0) return;
    const index = tabs.findIndex(({ id }) => id === chosen);
    const next = (index + by + tabs.length) % tabs.length;
    onChoose(tabs[next].id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next].focus();
    event.preventDefault();
  };
  return (
    <div ref={list} class="pw-tabs" role="tablist" aria-label={label}>
      {tabs.map(({ id, label, count }) => (
        <button
          key={id}
          type="button"
          role="tab"
          class="pw-tab"
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
          onKeyDown={handleKey}
        >
          {label} <span class="pw-tab-count">{count}</span>
        </button>
      ))}
    </div>
  );
}
