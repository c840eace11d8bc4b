/** The name and status of a process, with a button that holds the view if needed. */

import type { Status } from "./card_view.ts";
import { Icon } from "./icon.tsx";

export interface TitleBarProps {
  readonly name: string;
  readonly status: Status;
  /** The hold button, or null where the kernel itself can pause. */
  readonly hold: HoldButtonProps | null;
}

/** A button that stops a view from updating, and lets it resume. */
export interface HoldButtonProps {
  readonly held: boolean;
  readonly enabled: boolean;
  readonly onToggle: () => void;
}

export function TitleBar({ name, status, hold }: TitleBarProps) {
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
      {hold && <HoldButton {...hold} />}
    </div>
  );
}

function HoldButton({ held, enabled, onToggle }: HoldButtonProps) {
  return (
    <button
      type="button"
      class="pw-button"
      disabled={!enabled}
      onClick={onToggle}
    >
      <Icon name={held ? "play" : "pause"} />
      <span class="pw-button-label">{held ? "Resume" : "Pause"}</span>
    </button>
  );
}
