/** Icons in the color of the text. Emoji would look different on each system. */

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="pw-icon" viewBox="0 0 16 16" aria-hidden="true">
      {Object.entries(SHAPES[name]).map(([part, path]) => (
        <path key={part} class={`pw-${part}`} d={path} />
      ))}
    </svg>
  );
}

/** The paths of an icon: strokes, filled areas, and strokes cut out of these. */
interface Shape {
  readonly stroke?: string;
  readonly fill?: string;
  readonly cut?: string;
}

const DISC = "M1 8a7 7 0 1 0 14 0A7 7 0 1 0 1 8z";

const SHAPES = {
  // Statuses
  check: {
    fill:
      "M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z",
    cut: "M4.5 8.3 7 10.8l4.5-5.3",
  },
  cross: { fill: DISC, cut: "m5.5 5.5 5 5m0-5-5 5" },
  question: {
    fill: DISC,
    cut: "M6 6.3c0-1.3 1-2 2-2s2 .7 2 1.9C10 7.6 8 7.7 8 9.2M8 11.7v.01",
  },
  ring: { fill: `${DISC}M3.4 8a4.6 4.6 0 1 0 9.2 0 4.6 4.6 0 1 0-9.2 0z` },
  suspended: { fill: DISC, cut: "M6.2 5.5v5m3.6-5v5" },
  warning: { fill: "M8 1.2 15.3 14.3H.7z", cut: "M8 6v3.8m0 2.2v.01" },
  // Marks
  clock: { stroke: "M2 8a6 6 0 1 0 12 0A6 6 0 1 0 2 8zM8 4.5V8l2.3 1.5" },
  terminal: { stroke: "M1.5 3h13v10h-13zm3 3L7 8l-2.5 2m4.5.5h2.5" },
  tick: { stroke: "m3 8.5 3.5 3.5L13 4.5" },
  // Actions on the process
  play: { fill: "m4 2 10 6-10 6z" },
  restart: { stroke: "M13 8a5 5 0 1 1-1.5-3.6M13.5 2v3.5H10" },
  stop: { fill: "M3 3h10v10H3z" },
  shred: {
    stroke: "M9.5 1.5h-6v13h9v-10zv3h3M6 8l4 4m0-4-4 4",
  },
  // Actions on the view
  poll: { stroke: "M1.5 8h3l2-5 3 10 2-5h3" },
  pause: { fill: "M3.5 2h3v12h-3zm6 0h3v12h-3z" },
  resume: { fill: "M2 2h2.5v12H2zm4.5 0L15 8l-8.5 6z" },
  freeze: { stroke: "M8 1.5v13M2.4 4.8l11.2 6.4m0-6.4L2.4 11.2" },
  settings: {
    stroke:
      "M2 5h5.5m4 0H14M2 11h2.5m4 0H14M7.5 5a2 2 0 1 0 4 0 2 2 0 1 0-4 0" +
      "zm-3 6a2 2 0 1 0 4 0 2 2 0 1 0-4 0z",
  },
  close: { stroke: "m4 4 8 8m0-8-8 8" },
  // Actions on a log
  columns: { stroke: "M2 3h12v10H2zm6 0v10" },
  copy: { stroke: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" },
  down: { stroke: "m3.5 6 4.5 4.5L12.5 6" },
  erase: { stroke: "m9.5 2.5 4 4-7 7h-3l-2-2zM5 7l4 4M6.5 13.5h7" },
  follow: { stroke: "m4 3.5 4 4 4-4m-8 5 4 4 4-4" },
  rows: { stroke: "M2 3h12v10H2zm0 5h12" },
  search: {
    stroke: "M2.5 7a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0zm8 3.5L14 14",
  },
  tabs: { stroke: "M2 3h12v10H2zm0 3.5h12M7.5 3v3.5" },
  up: { stroke: "M3.5 10 8 5.5l4.5 4.5" },
  wrap: {
    stroke: "M2 3.5h12M2 8h9.5a2.2 2.2 0 0 1 0 4.5H8m2-2-2 2 2 2M2 12.5h2.5",
  },
} satisfies Record<string, Shape>;
