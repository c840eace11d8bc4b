/** A process's name and the button that holds its view. */

import { Icon } from "./icon.tsx";

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
    <div class="pw-title-bar">
      <div class="pw-title">
        <Icon name="gear" />
        {name}
      </div>
      <button
        type="button"
        class="pw-button"
        disabled={!held && !holdable}
        onClick={onToggle}
      >
        <Icon name={held ? "play" : "pause"} />
        {held ? "Resume" : "Pause"}
      </button>
    </div>
  );
}
