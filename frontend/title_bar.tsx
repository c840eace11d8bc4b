/** A process's name and status, and perhaps a button that holds its view. */

import { Icon } from "./icon.tsx";
import type { Status } from "./view.ts";

export interface TitleBarProps {
  readonly name: string;
  readonly status: Status;
  /** What holds the view; null where the kernel itself can pause. */
  readonly hold: Hold | null;
}

/** The button that holds a view. */
export interface Hold {
  /** Whether the view is being held. */
  readonly held: boolean;
  /** Whether there is anything to hold: something may still change. */
  readonly holdable: boolean;
  readonly onToggle: () => void;
}

export function TitleBar(
  { name, status, hold }: TitleBarProps,
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
      {hold && <HoldButton {...hold} />}
    </div>
  );
}

function HoldButton({ held, holdable, onToggle }: Hold) {
  return (
    <button
      type="button"
      class="pw-button"
      disabled={!held && !holdable}
      onClick={onToggle}
    >
      <Icon name={held ? "play" : "pause"} />
      <span class="pw-button-label">{held ? "Resume" : "Pause"}</span>
    </button>
  );
}
