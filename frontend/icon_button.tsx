/** A button that shows an icon and has its label as tooltip and accessible name. */

import { Icon, type IconName } from "./icon.tsx";

export interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** Whether it is on, for a toggle button. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function IconButton(
  { icon, label, pressed, disabled, onClick }: IconButtonProps,
) {
  return (
    <button
      type="button"
      class="pw-icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
