/** Icons drawn in the colour of the text: emoji look different everywhere. */

import type { JSX } from "preact";

/** The icons there are. */
export type IconName =
  | "check"
  | "cross"
  | "gear"
  | "pause"
  | "play"
  | "question"
  | "ring"
  | "warning";

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="pw-icon" viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

const SHAPES: Record<IconName, JSX.Element> = {
  check: (
    <>
      <rect class="pw-fill" x="1" y="1" width="14" height="14" rx="3.5" />
      <path class="pw-cut" d="M4.5 8.3 7 10.8l4.5-5.3" />
    </>
  ),
  cross: (
    <>
      <circle class="pw-fill" cx="8" cy="8" r="7" />
      <path class="pw-cut" d="m5.5 5.5 5 5m0-5-5 5" />
    </>
  ),
  gear: (
    <>
      <circle cx="8" cy="8" r="4" stroke-width="2.4" />
      <circle
        cx="8"
        cy="8"
        r="6"
        pathLength="16"
        stroke-dasharray="1"
        stroke-dashoffset=".5"
        stroke-linecap="butt"
        stroke-width="2.8"
      />
    </>
  ),
  pause: <path class="pw-fill" d="M3.5 2h3v12h-3zm6 0h3v12h-3z" />,
  play: <path class="pw-fill" d="m4 2 10 6-10 6z" />,
  question: (
    <>
      <circle class="pw-fill" cx="8" cy="8" r="7" />
      <path
        class="pw-cut"
        d="M6 6.3c0-1.3 1-2 2-2s2 .7 2 1.9C10 7.6 8 7.7 8 9.2M8 11.7v.01"
      />
    </>
  ),
  ring: <circle cx="8" cy="8" r="5.8" stroke-width="2.4" />,
  warning: (
    <>
      <path class="pw-fill" d="M8 1.2 15.3 14.3H.7z" />
      <path class="pw-cut" d="M8 6v3.8m0 2.2v.01" />
    </>
  ),
};
