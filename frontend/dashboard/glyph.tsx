/** Icons that only the dashboard needs, drawn like those of the card. */

import type { JSX } from "preact";

/** The name of a glyph. */
export type GlyphName = keyof typeof SHAPES;

export function Glyph({ name }: { readonly name: GlyphName }) {
  return (
    <svg
      class="pw-icon"
      data-glyph={name}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}

const SHAPES = {
  add: <path d="M8 3v10M3 8h10" />,
  descending: <path d="M8 3v10m-4-4 4 4 4-4" />,
  ascending: <path d="M8 13V3M4 7l4-4 4 4" />,
  processes: (
    <>
      <path d="M6 3.5h8M6 8h8M6 12.5h8" />
      <path d="M2.5 3.5v.01m0 4.49v.01m0 4.49v.01" stroke-width="2.4" />
    </>
  ),
  remove:
  <path d="M2.5 4.5h11M6.5 2.5h3M4 4.5l.6 9h6.8l.6-9M6.8 7v4m2.4-4v4" />,
  busy: <path d="M8 2.2a5.8 5.8 0 1 1-5.8 5.8" stroke-width="2.2" />,
} satisfies Record<string, JSX.Element>;
