/** The buttons that control the process and its widget. */

import { useState } from "preact/hooks";
import type { Control, ControlAction } from "../../widget/controls.ts";
import type { IconName } from "../icon.tsx";
import { IconButton } from "../icon_button.tsx";
import { NoticeBox } from "../notice_box.tsx";
import { Question } from "./question.tsx";
import type { RequestName, RequestState } from "./requests.ts";
import { SettingsForm, type SettingsValues } from "./settings_form.tsx";

/** The texts and the icon of a button. */
interface ButtonText {
  readonly icon: IconName;
  readonly label: string;
  /** The part of the label to show beside the icon. Default: all of it. */
  readonly text?: string;
  /** Shown while the request is in progress. */
  readonly progress: string;
  /** Confirmation for what cannot be undone. */
  readonly question?: string;
  /** Does the same in a cell, where buttons cannot reach the kernel. */
  readonly code: string;
}

/** The buttons that act on the process, from left to right. */
const PROCESS = {
  start: {
    icon: "play",
    label: "Start the process",
    text: "Start",
    progress: "Starting",
    code: "await handle.start()",
  },
  restart: {
    icon: "restart",
    label: "Restart the process",
    text: "Restart",
    progress: "Restarting",
    question: "End the process and start it again?",
    code: "await handle.restart()",
  },
  terminate: {
    icon: "stop",
    label: "Terminate the process",
    text: "Terminate",
    progress: "Terminating",
    question: "End the process?",
    code: "await handle.terminate()",
  },
  clear_logs: {
    icon: "shred",
    label: "Clear log files",
    progress: "Clearing",
    question: "Empty the log files for good?",
    code: "await Deno.truncate(handle.stdout.path)",
  },
} satisfies Partial<Record<RequestName, ButtonText>>;

/** The buttons that act on how it is shown. */
const UPDATES = {
  poll: {
    icon: "poll",
    label: "Poll now",
    progress: "Polling",
    code: "await widget.refresh()",
  },
  pause: {
    icon: "pause",
    label: "Pause polling",
    progress: "Pausing",
    code: "widget.pause()\nwidget.resume()",
  },
  settings: {
    icon: "settings",
    label: "Settings",
    progress: "Changing settings",
    code: 'widget.set("polling_interval", 1)\nwidget.set("lines", 100)',
  },
} satisfies Partial<Record<RequestName, ButtonText>>;

const BUTTONS: Record<RequestName, ButtonText> = { ...PROCESS, ...UPDATES };

/** The buttons of each group. */
const GROUPS = { Process: PROCESS, Updates: UPDATES };

/** The text of the pause button while polling is paused. */
const RESUME: ButtonText = {
  ...BUTTONS.pause,
  icon: "resume",
  label: "Resume polling",
  progress: "Resuming",
};

export interface ControlBarProps {
  /** The controls that the kernel offers. */
  readonly controls: readonly Control[];
  /** Whether this host can send requests to the kernel at all. */
  readonly available: boolean;
  /** Whether the kernel is reachable now. */
  readonly connected: boolean;
  /** Whether the process is running. */
  readonly running: boolean;
  /** Whether the kernel polls. */
  readonly polling: boolean;
  readonly settings: SettingsValues;
  /** The last request of a view. */
  readonly request: RequestState;
  /** What the kernel is carrying out, or what failed. */
  readonly action: ControlAction | null;
  readonly onRequest: (control: Control) => void;
  readonly onSettings: (settings: SettingsValues) => void;
}

export function ControlBar(props: ControlBarProps) {
  const { controls, available, connected, running, request } = props;
  if (controls.length === 0 || !connected) return null;
  const buttons = usableButtons(controls, running);
  if (!available) {
    return <CellCode buttons={buttons} refusal={request.refusal} />;
  }
  return <Buttons {...props} buttons={buttons} />;
}

function usableButtons(
  controls: readonly Control[],
  running: boolean,
): readonly RequestName[] {
  const unusable = running ? ["start"] : ["restart", "terminate"];
  return (Object.keys(BUTTONS) as RequestName[]).filter((button) =>
    !unusable.includes(button) &&
    // Whoever may pause polling may also change its interval.
    controls.includes(button === "settings" ? "pause" : button)
  );
}

interface ButtonsProps extends ControlBarProps {
  readonly buttons: readonly RequestName[];
}

function Buttons(props: ButtonsProps) {
  const { buttons, polling, request, action } = props;
  const [open, setOpen] = useState<RequestName | null>(null);
  const textOf = (button: RequestName) =>
    button === "pause" && !polling ? RESUME : BUTTONS[button];
  const busy = request.waiting !== null || action?.state === "running";
  const confirming = open && open !== "settings" && buttons.includes(open)
    ? open
    : null;
  const failure = request.refusal ?? action?.reason;
  const press = (button: RequestName) => {
    if (button === "settings" || BUTTONS[button].question) {
      setOpen(open === button ? null : button);
    } else {
      setOpen(null);
      props.onRequest(button);
    }
  };
  const handleKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(null);
    event.stopPropagation();
  };
  return (
    <div class="pw-controls" onKeyDown={handleKey}>
      <div class="pw-control-row" role="group" aria-label="Controls">
        {Object.entries(GROUPS).map(([label, group]) => (
          <div key={label} class="pw-group" role="group" aria-label={label}>
            {buttons.filter((button) =>
              button in group
            ).map((button) => {
              const { icon, label, text } = textOf(button);
              return (
                <IconButton
                  key={button}
                  icon={icon}
                  label={label}
                  text={text ?? label}
                  pressed={button === "settings" ? open === button : undefined}
                  disabled={busy}
                  onClick={() => press(button)}
                />
              );
            })}
          </div>
        ))}
        <span class="pw-progress" role="status">
          {action?.state === "running"
            ? `${textOf(action.control).progress} …`
            : request.waiting
            ? `${textOf(request.waiting).progress}: waiting for kernel`
            : ""}
        </span>
      </div>
      {confirming && (
        <Question
          key={confirming}
          question={BUTTONS[confirming].question!}
          yes={BUTTONS[confirming].label}
          onYes={() => {
            setOpen(null);
            props.onRequest(confirming);
          }}
          onNo={() => setOpen(null)}
        />
      )}
      {open === "settings" && (
        <SettingsForm
          values={props.settings}
          onChange={(settings) => {
            setOpen(null);
            props.onSettings(settings);
          }}
        />
      )}
      {failure && <NoticeBox kind="error" text={failure} />}
    </div>
  );
}

interface CellCodeProps {
  readonly buttons: readonly RequestName[];
  /** Why the last request failed, which showed that none arrives; or null. */
  readonly refusal: string | null;
}

function CellCode({ buttons, refusal }: CellCodeProps) {
  return (
    <div class="pw-controls">
      <details class="pw-cell-code">
        <summary>
          Buttons cannot reach the kernel from here: code to run instead
        </summary>
        <pre tabIndex={0}>
          {buttons.map((button) => BUTTONS[button].code).join("\n")}
        </pre>
      </details>
      {refusal && <NoticeBox kind="error" text={refusal} />}
    </div>
  );
}
