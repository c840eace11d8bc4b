/** What a reader can ask the kernel for: buttons, or what to type in a cell. */

import { useState } from "preact/hooks";
import type { Control, ControlAction } from "../../widget/controls.ts";
import { IconButton } from "../icon_button.tsx";
import { NoticeBox } from "../notice_box.tsx";
import type { Asked } from "./requests.ts";
import { Settings, type SettingsValues } from "./settings.tsx";
import { type ButtonFor, usable, WORDS } from "./words.ts";

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
  const buttons = usable(controls, running);
  if (!reachable) return <CellCode buttons={buttons} />;
  return <Buttons {...props} buttons={buttons} />;
}

interface ButtonsProps extends ControlBarProps {
  readonly buttons: readonly ButtonFor[];
}

function Buttons(props: ButtonsProps) {
  const { buttons, polling, asked, action } = props;
  const [open, setOpen] = useState<ButtonFor | null>(null);
  const busy = asked.waiting !== null || action?.state === "running";
  const doubted = open && open !== "settings" && buttons.includes(open)
    ? open
    : null;
  const press = (button: ButtonFor) => {
    const asks = button === "settings" || WORDS[button].question;
    setOpen(asks && open !== button ? button : null);
    if (!asks) props.onRequest(button);
  };
  return (
    <div class="pw-controls">
      <div class="pw-control-row" role="group" aria-label="Controls">
        {buttons.map((button) => {
          const resume = button === "pause" && !polling;
          return (
            <IconButton
              key={button}
              icon={resume ? "play" : WORDS[button].icon}
              label={resume ? "Poll again" : WORDS[button].label}
              pressed={button === "settings" ? open === button : undefined}
              disabled={busy}
              onClick={() => press(button)}
            />
          );
        })}
        <Progress asked={asked} action={action} />
      </div>
      {doubted && (
        <Question
          about={doubted}
          onYes={() => {
            setOpen(null);
            props.onRequest(doubted);
          }}
          onNo={() => setOpen(null)}
        />
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

interface QuestionProps {
  readonly about: Control;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Question({ about, onYes, onNo }: QuestionProps) {
  const { question, label } = WORDS[about];
  return (
    <div class="pw-question" role="alertdialog" aria-label={question}>
      <span>{question}</span>
      <button type="button" class="pw-button" onClick={onYes}>{label}</button>
      <button type="button" class="pw-button" onClick={onNo}>Cancel</button>
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

function CellCode({ buttons }: { buttons: readonly ButtonFor[] }) {
  return (
    <details class="pw-cell-code">
      <summary>
        No buttons here, as the kernel cannot hear them: the code
      </summary>
      <pre tabIndex={0}>
        {buttons.map((button) => WORDS[button].code).join("\n")}
      </pre>
    </details>
  );
}
