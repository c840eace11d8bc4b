/** Renders a component again only when one of its props has changed. */

import {
  Component,
  type ComponentType,
  type FunctionComponent,
  h,
} from "preact";

/** Returns a component that compares its props by identity. */
export function memo<P extends object>(
  render: FunctionComponent<P>,
): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const { props } = this as { props: P };
      const names = Object.keys(next) as (keyof P)[];
      return names.some((name) => next[name] !== props[name]);
    }

    override render(props: P) {
      return h(render, props);
    }
  };
}
