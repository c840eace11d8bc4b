/** A button that shows an icon and has its label as tooltip and accessible name. */

import { Icon, type IconName } from "./icon.tsx";

export interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** Words of the label, which the style sheet shows where there is room. */
  readonly text?: string;
  /** Whether it is on, for a toggle button. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function IconButton(
  { icon, label, text, pressed, disabled, onClick }: IconButtonProps,
) {
  return (
    <button
      type="button"
      class="pw-icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      // A button that is disabled for a moment keeps the focus.
      aria-disabled={disabled}
      onClick={disabled ? undefined : onClick}
    >
      <Icon name={icon} />
      {text && <span class="pw-text">{text}</span>}
    </button>
  );
}
