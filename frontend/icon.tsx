/** Icons in the color of the text. Emoji would look different on each system. */

import type { JSX } from "preact";

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="pw-icon" viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

const SHAPES = {
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
  clear: <path d="M2.5 4.5h11M6.5 2.5h3M4 4.5l.6 9h6.8l.6-9M6.8 7v4m2.4-4v4" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.3 1.5" />
    </>
  ),
  close: <path d="m4 4 8 8m0-8-8 8" />,
  columns: <path d="M2 3h12v10H2zm6 0v10" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  follow: <path d="M8 2.5v7m-3.5-3L8 10l3.5-3.5M3 13.5h10" />,
  erase: <path d="m9.5 2.5 4 4-7 7h-3l-2-2zM5 7l4 4M6.5 13.5h7" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.5-3.6M13.5 2v3.5H10" />,
  restart: (
    <>
      <path d="M3 8a5 5 0 1 0 1.5-3.6M2.5 2v3.5H6" />
      <path class="pw-fill" d="m6.6 5.6 4 2.4-4 2.4z" />
    </>
  ),
  stop: <path class="pw-fill" d="M3 3h10v10H3z" />,
  rows: <path d="M2 3h12v10H2zm0 5h12" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  tabs: <path d="M2 13V3h5v3h7v7zM7 6H2" />,
  tick: <path d="m3 8.5 3.5 3.5L13 4.5" />,
  up: <path d="M3.5 10 8 5.5l4.5 4.5" />,
  wrap: (
    <path d="M2 3.5h12M2 8h9.5a2.2 2.2 0 0 1 0 4.5H8m2-2-2 2 2 2M2 12.5h2.5" />
  ),
} satisfies Record<string, JSX.Element>;
