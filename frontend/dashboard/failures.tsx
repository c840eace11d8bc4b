/** A box with the actions that failed, each with its process and its reason. */

import type { RowId } from "../../widget/dashboard/traits.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import type { Entries } from "./data/entries.ts";

export interface FailuresProps {
  readonly entries: Entries;
  /** Why a request was refused as a whole, or null. */
  readonly refusal: string | null;
  /** Whether failures can be dismissed. */
  readonly canDismiss: boolean;
  readonly onDismiss: (ids: readonly RowId[]) => void;
}

export function Failures(props: FailuresProps) {
  const { refusal, canDismiss, onDismiss } = props;
  const failed = props.entries.filter(({ row }) =>
    row.action?.state === "failed"
  );
  if (failed.length === 0 && refusal === null) return null;
  return (
    <div class="pw-notice pd-failures" data-notice="error" role="alert">
      <Icon name="warning" />
      <ul>
        {refusal !== null && <li>{refusal}</li>}
        {failed.map(({ id, row }) => (
          <li key={id}>
            <strong>{row.name}</strong>: {row.action!.reason}
          </li>
        ))}
      </ul>
      {canDismiss && (
        <IconButton
          icon="close"
          label={failed.length > 1 ? "Dismiss all" : "Dismiss"}
          onClick={() => onDismiss(failed.map(({ id }) => id))}
        />
      )}
    </div>
  );
}
