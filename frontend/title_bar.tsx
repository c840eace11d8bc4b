/** A process's name and the button that holds its view. */

export interface TitleBarProps {
  readonly name: string;
  /** Whether the view is being held. */
  readonly held: boolean;
  /** Whether there is anything to hold: something may still change. */
  readonly holdable: boolean;
  readonly onToggle: () => void;
}

export function TitleBar({ name, held, holdable, onToggle }: TitleBarProps) {
  return (
    <header class="pw-title-bar">
      <div class="pw-title">
        <span aria-hidden="true">⚙️</span> {name}
      </div>
      <button
        type="button"
        class="pw-button"
        disabled={!held && !holdable}
        onClick={onToggle}
      >
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d={held ? "M2 1v8l7-4z" : "M2 1h2v8h-2zM6 1h2v8h-2z"} />
        </svg>
        {held ? "Resume" : "Pause"}
      </button>
    </header>
  );
}
