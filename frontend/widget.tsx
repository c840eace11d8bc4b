/** The anywidget module: renders the traits of a process into an element. */

import type {
  Initialize,
  InitializeProps,
  Render,
  RenderProps,
} from "anywidget/types";
import { render as renderCard } from "preact";
import type { Uplink } from "../jupyter/page/uplink.ts";
import type { ProcessTraits } from "../widget/traits.ts";
import { Card } from "./card.tsx";
import { cardProps, type Followed, followProcess } from "./card_of_model.ts";
import { NO_CONNECTION } from "./connection.ts";
import { watchPageTheme } from "./theme.ts";

/** `uplink` is added by the module that wraps every widget's own. */
type Wrapped<Props> = Props & { readonly uplink?: Uplink };

/** Called by anywidget once for each model. */
export default () => {
  let followed: Followed | undefined;

  const initialize: Initialize<ProcessTraits> = (props) => {
    const { model, uplink } = props as Wrapped<InitializeProps<ProcessTraits>>;
    followed = followProcess(model, uplink);
  };

  const render: Render<ProcessTraits> = (props) => {
    const { model, el, signal, uplink } = props as Wrapped<
      RenderProps<ProcessTraits>
    >;
    const shared = followed ??= followProcess(model, uplink);
    const closed = new AbortController();

    const update = () => {
      const theme = model.get("theme");
      const connection = uplink ?? NO_CONNECTION;
      renderCard(
        <Card {...cardProps(model, shared, theme, connection)} />,
        el,
      );
    };

    // A message changes several traits at once and is followed by a single
    // "change", but by one "change:<trait>" for each of them.
    model.on("change", update);
    shared.requests.addEventListener("change", update, {
      signal: closed.signal,
    });
    watchPageTheme(update, closed.signal);
    uplink?.watch(update, closed.signal);
    closed.signal.addEventListener("abort", () => {
      model.off("change", update);
      renderCard(null, el);
    });
    update();

    // Before anywidget 0.11 there is no signal, only the returned function.
    const close = () => closed.abort();
    (signal as AbortSignal | undefined)?.addEventListener("abort", close);
    return close;
  };

  return { initialize, render };
};
