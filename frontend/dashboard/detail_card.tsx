/** The card in an expanded row. */

import { Card } from "../card.tsx";
import { cardProps } from "../card_of_model.ts";
import type { Connection } from "../connection.ts";
import type { Palette } from "../theme.ts";
import type { Detail } from "./data/details.ts";
import { memo } from "./memo.ts";

export interface DetailCardProps {
  /** Undefined until the traits of the process have arrived. */
  readonly detail: Detail | undefined;
  /** The card is derived from the detail and the connection, which change. */
  readonly version: number | undefined;
  readonly state: Connection["state"];
  readonly available: boolean;
  readonly connection: Connection;
  readonly palette: Palette;
  readonly native: boolean;
}

export const DetailCard = memo((props: DetailCardProps) => {
  const { detail, connection, palette, native } = props;
  if (!detail) return <div class="pd-loading">Loading …</div>;
  const { model, followed } = detail;
  const card = cardProps(model, followed, palette, connection);
  return <Card {...card} native={native} />;
});
