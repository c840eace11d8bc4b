/** A process's name and status, and the button that holds its view. */

import { Icon } from "./icon.tsx";
import type { Status } from "./view.ts";

export interface TitleBarProps {
  readonly name: string;
  readonly status: Status;
  /** Whether the view is being held. */
  readonly held: boolean;
  /** Whether there is anything to hold: something may still change. */
  readonly holdable: boolean;
  readonly onToggle: () => void;
}

export function TitleBar(
  { name, status, held, holdable, onToggle }: TitleBarProps,
) {
  return (
    <div class="pw-title-bar">
      <div class="pw-title">
        <Icon name="gear" />
        <span class="pw-name" title={name}>{name}</span>
      </div>
      <span class="pw-pill" data-fact="status">
        <Icon name={status.icon} />
        {status.id}
      </span>
      <button
        type="button"
        class="pw-button"
        disabled={!held && !holdable}
        onClick={onToggle}
      >
        <Icon name={held ? "play" : "pause"} />
        <span class="pw-button-label">{held ? "Resume" : "Pause"}</span>
      </button>
    </div>
  );
}
