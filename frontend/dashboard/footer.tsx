/** The line below the table: what is shown, and what acts on the selected rows. */

import type { RowId } from "../../widget/dashboard/traits.ts";
import { Icon } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import { useFocus } from "../use_focus.ts";
import { CONTROL_TEXTS } from "./control_texts.tsx";
import { countProcesses } from "./data/actions.ts";
import type { Entries } from "./data/entries.ts";
import {
  type OfferedControl,
  offering,
  ROW_CONTROLS,
} from "./data/selection.ts";
import { Glyph } from "./glyph.tsx";

/** How many names a question contains. */
const NAMED = 3;

/** An action that waits for confirmation. */
export interface Asked {
  readonly control: OfferedControl;
  readonly ids: readonly RowId[];
}

export interface FooterProps {
  /** Number of all processes, and of those that are shown. */
  readonly total: number;
  readonly shown: number;
  /** The selected ones among those that are shown. */
  readonly selected: Entries;
  /** The processes of the action that waits for confirmation, or null. */
  readonly asked:
    | { readonly control: OfferedControl; readonly entries: Entries }
    | null;
  readonly isWaiting: boolean;
  readonly disabled: boolean;
  readonly onControl: (control: OfferedControl, ids: readonly RowId[]) => void;
  readonly onClear: () => void;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function Footer(props: FooterProps) {
  const { asked, selected } = props;
  return (
    <div class="pd-footer">
      {asked
        ? (
          <Question
            control={asked.control}
            entries={asked.entries}
            onYes={props.onConfirm}
            onNo={props.onCancel}
          />
        )
        : selected.length > 0
        ? <SelectionBar {...props} />
        : <Summary {...props} />}
    </div>
  );
}

function Summary({ total, shown, isWaiting }: FooterProps) {
  return (
    <>
      <span>
        {shown === total
          ? countProcesses(total)
          : `${shown} of ${countProcesses(total)}`}
      </span>
      {isWaiting && <Waiting />}
    </>
  );
}

function Waiting() {
  return <span class="pd-waiting">Waiting for the kernel …</span>;
}

function SelectionBar(props: FooterProps) {
  const { selected, isWaiting, onControl, onClear } = props;
  const isDisabled = props.disabled || isWaiting;
  return (
    <div class="pd-bar" role="toolbar" aria-label="Selected processes">
      <span class="pd-bar-count">{selected.length} selected</span>
      <IconButton icon="close" label="Clear the selection" onClick={onClear} />
      {isWaiting && <Waiting />}
      <span class="pd-bar-actions">
        {ROW_CONTROLS.map((control) => {
          const entries = offering(selected, control);
          if (entries.length === 0) return null;
          const { icon, verb } = CONTROL_TEXTS[control];
          return (
            <button
              key={control}
              type="button"
              class="pw-button"
              data-control={control}
              aria-disabled={isDisabled}
              onClick={() => {
                if (isDisabled) return;
                onControl(control, entries.map(({ id }) => id));
              }}
            >
              {icon === "remove"
                ? <Glyph name="remove" />
                : <Icon name={icon} />}
              {verb} {entries.length < selected.length && entries.length}
            </button>
          );
        })}
      </span>
    </div>
  );
}

interface QuestionProps {
  readonly control: OfferedControl;
  readonly entries: Entries;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Question({ control, entries, onYes, onNo }: QuestionProps) {
  const ref = useFocus<HTMLDivElement>();
  const { verb, warning } = CONTROL_TEXTS[control];
  const question = questionFor(control, entries);
  return (
    <div
      ref={ref}
      class="pd-question"
      role="alertdialog"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onNo();
      }}
    >
      <span class="pd-question-text">
        <strong>{question}</strong> {warning}
      </span>
      <span class="pd-bar-actions">
        <button
          type="button"
          class="pw-button pd-danger"
          onClick={onYes}
        >
          {entries.length === 1 ? verb : `${verb} ${entries.length}`}
        </button>
        <button type="button" class="pw-button" onClick={onNo}>Cancel</button>
      </span>
    </div>
  );
}

/** Returns the question before an action, with some of the names. */
function questionFor(control: OfferedControl, entries: Entries): string {
  const { verb } = CONTROL_TEXTS[control];
  const names = entries.map(({ row }) => row.name);
  if (names.length === 1) return `${verb} ${names[0]}?`;
  const named = names.length <= NAMED + 1 ? names : names.slice(0, NAMED);
  const others = names.length - named.length;
  const list = others > 0
    ? `${named.join(", ")} and ${others} others`
    : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
  return `${verb} ${names.length} processes: ${list}?`;
}
