/** The card in an expanded row. */

import type { RowId } from "../../widget/dashboard/traits.ts";
import { Card } from "../card.tsx";
import { cardProps } from "../card_of_model.ts";
import type { Connection } from "../connection.ts";
import type { Palette } from "../theme.ts";
import type { DashboardStore } from "./data/store.ts";
import { memo } from "./memo.ts";

export interface DetailCardProps {
  readonly id: RowId;
  readonly store: DashboardStore;
  /** Increases with every change of the store: the card is derived from it. */
  readonly version: number;
  readonly connection: Connection;
  readonly palette: Palette;
  readonly native: boolean;
}

export const DetailCard = memo((props: DetailCardProps) => {
  const { id, store, connection, palette, native } = props;
  const detail = store.details.get(id);
  if (!detail) return <div class="pd-loading">Loading …</div>;
  const { model, followed } = detail;
  const card = cardProps(model, followed, palette, connection);
  return <Card {...card} native={native} />;
});
