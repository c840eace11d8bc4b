import {
  type Entries,
  EntryStore,
} from "../../../../frontend/dashboard/data/entries.ts";
import { dashboardTraits, type RowSpec } from "../../dashboard_rows.ts";
import { FakeModel } from "../fake_model.ts";

/** Returns the entries of a dashboard with these rows. */
export function entriesOf(...rows: readonly RowSpec[]): Entries {
  return new EntryStore(new FakeModel(dashboardTraits(rows)).model).entries;
}

/** Returns the names of entries. */
export function namesOf(entries: Entries): string[] {
  return entries.map(({ row }) => row.name);
}
