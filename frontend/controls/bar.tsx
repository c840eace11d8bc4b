/** What a reader can ask the kernel for: buttons, or what to type in a cell. */

import { useState } from "preact/hooks";
import type { Control, ControlAction } from "../../widget.ts";
import { IconButton } from "../icon_button.tsx";
import { NoticeBox } from "../notice_box.tsx";
import type { Asked } from "./requests.ts";
import { Settings, type SettingsValues } from "./settings.tsx";
import { usable, WORDS } from "./words.ts";

export interface ControlBarProps {
  /** What the kernel offers. */
  readonly controls: readonly Control[];
  /** Whether requests can reach the kernel at all. */
  readonly reachable: boolean;
  /** Whether the kernel is there now. */
  readonly connected: boolean;
  /** Whether the process runs. */
  readonly running: boolean;
  /** Whether the kernel polls. */
  readonly polling: boolean;
  readonly settings: SettingsValues;
  /** What this view waits for. */
  readonly asked: Asked;
  /** What the kernel is at, whoever asked. */
  readonly action: ControlAction | null;
  readonly onRequest: (control: Control) => void;
  readonly onSettings: (settings: SettingsValues) => void;
}

export function ControlBar(props: ControlBarProps) {
  const { controls, reachable, connected, running } = props;
  if (controls.length === 0 || !connected) return null;
  const offered = usable(controls, running);
  if (!reachable) return <CellCode controls={offered} />;
  return <Buttons {...props} controls={offered} />;
}

function Buttons(props: ControlBarProps) {
  const { controls, polling, asked, action } = props;
  const [open, setOpen] = useState<Control | null>(null);
  const busy = asked.waiting !== null || action?.state === "running";
  const question = open && controls.includes(open) && WORDS[open].question;
  const press = (control: Control) => {
    const asks = control === "settings" || WORDS[control].question;
    setOpen(asks && open !== control ? control : null);
    if (!asks) props.onRequest(control);
  };
  return (
    <div class="pw-controls">
      <div class="pw-control-row" role="group" aria-label="Controls">
        {controls.map((control) => {
          const resume = control === "pause" && !polling;
          return (
            <IconButton
              key={control}
              icon={resume ? "play" : WORDS[control].icon}
              label={resume ? "Poll again" : WORDS[control].label}
              pressed={control === "settings" ? open === control : undefined}
              disabled={busy}
              onClick={() => press(control)}
            />
          );
        })}
        <Progress asked={asked} action={action} />
      </div>
      {question && (
        <div class="pw-question" role="alertdialog" aria-label={question}>
          <span>{question}</span>
          <button
            type="button"
            class="pw-button"
            onClick={() => {
              setOpen(null);
              props.onRequest(open);
            }}
          >
            {WORDS[open].label}
          </button>
          <button
            type="button"
            class="pw-button"
            onClick={() =>
              setOpen(null)}
          >
            Cancel
          </button>
        </div>
      )}
      {open === "settings" && (
        <Settings
          values={props.settings}
          onChange={(settings) => {
            setOpen(null);
            props.onSettings(settings);
          }}
        />
      )}
      <Failure asked={asked} action={action} />
    </div>
  );
}

type ProgressProps = Pick<ControlBarProps, "asked" | "action">;

function Progress({ asked, action }: ProgressProps) {
  let text = "";
  if (asked.waiting) text = `${WORDS[asked.waiting].doing}: waiting for kernel`;
  if (action?.state === "running") text = `${WORDS[action.control].doing} …`;
  return <span class="pw-progress" role="status">{text}</span>;
}

function Failure({ asked, action }: ProgressProps) {
  const reason = asked.refusal ?? action?.reason;
  return reason ? <NoticeBox kind="error" text={reason} /> : null;
}

function CellCode({ controls }: { controls: readonly Control[] }) {
  return (
    <details class="pw-cell-code">
      <summary>
        No buttons here, as the kernel cannot hear them: the code
      </summary>
      <pre tabIndex={0}>
        {controls.map((control) => WORDS[control].code).join("\n")}
      </pre>
    </details>
  );
}
