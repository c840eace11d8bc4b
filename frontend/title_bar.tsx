/** The name and status of a process, with a button that holds the view if needed. */

import type { Status } from "./card_view.ts";
import { Icon } from "./icon.tsx";
import { IconButton } from "./icon_button.tsx";

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
        <Icon name="terminal" />
        <span class="pw-name" title={name}>{name}</span>
      </div>
      <span class="pw-pill" data-fact="status">
        <Icon name={status.icon} />
        {status.id}
      </span>
      {hold && (
        <IconButton
          icon="freeze"
          label="Freeze this view"
          text="Freeze"
          pressed={hold.held}
          disabled={!hold.enabled}
          onClick={hold.onToggle}
        />
      )}
    </div>
  );
}
