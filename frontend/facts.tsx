/** The labeled facts of a process: pid, uptime, health and others. */

import type { ComponentChildren } from "preact";
import { CopyButton } from "./copy_button.tsx";
import { formatSeconds, formatTime } from "./format.ts";
import { HealthReport } from "./health_report.tsx";
import { useNow } from "./use_now.ts";
import { type CardView, DASH, type Exit } from "./card_view.ts";

export type FactsProps = Pick<
  CardView,
  "pid" | "uptime" | "health" | "dir" | "command" | "deadline" | "exit" | "job"
>;

export function Facts(props: FactsProps) {
  const { pid, uptime, health, dir, command, deadline, exit, job } = props;
  return (
    <dl class="pw-facts">
      <Fact id="pid" label="PID">{pid}</Fact>
      <Fact id="uptime" label="Uptime">{uptime}</Fact>
      {job.map(([id, label, text]) => (
        <Fact
          key={id}
          id={id}
          label={label}
          width={id === "job-reason" ? "double" : undefined}
        >
          {text}
        </Fact>
      ))}
      {deadline !== null && (
        <Fact id="ttl" label="Time left">
          <Countdown deadline={deadline} />
        </Fact>
      )}
      {exit && (
        <Fact id="exit" label="Ended" width="double">
          <ExitFact exit={exit} />
        </Fact>
      )}
      <Fact id="health" label="Health" width="double">
        {health ? <HealthReport health={health} /> : DASH}
      </Fact>
      {command && <CopyableFact id="command" label="Command" text={command} />}
      {dir && <CopyableFact id="dir" label="Directory" text={dir} />}
    </dl>
  );
}

interface FactProps {
  readonly id: string;
  readonly label: string;
  readonly width?: "double";
  readonly children: ComponentChildren;
}

function Fact({ id, label, width, children }: FactProps) {
  return (
    <div class="pw-fact" data-width={width}>
      <dt>{label}</dt>
      <dd data-fact={id}>{children}</dd>
    </div>
  );
}

interface CopyableFactProps {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** A long fact with a button that copies it; takes the full width. */
function CopyableFact({ id, label, text }: CopyableFactProps) {
  return (
    <div class="pw-fact" data-width="full">
      <dt>{label}</dt>
      <dd class="pw-copyable">
        <span class="pw-path" data-fact={id}>{text}</span>
        <CopyButton
          label={`Copy the ${label.toLowerCase()}`}
          text={() => text}
        />
      </dd>
    </div>
  );
}

function Countdown({ deadline }: { deadline: number }) {
  const left = (deadline - useNow(true)) / 1000;
  return <>{left > 0 ? formatSeconds(left) : "time is up"}</>;
}

function ExitFact({ exit }: { exit: Exit }) {
  const { cause, failed, reason, at } = exit;
  return (
    <>
      <span class={failed ? "pw-failed" : undefined}>{cause}</span>{" "}
      {reason && <span class="pw-age">{reason}</span>}{" "}
      {at !== null && <span class="pw-age">{formatTime(at, Date.now())}</span>}
    </>
  );
}
