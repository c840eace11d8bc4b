/** The table of what is known of a process. */

import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";
import { DASH, type Health, type Status, type View } from "./view.ts";

export type FactsProps = Pick<
  View,
  "status" | "pid" | "uptime" | "command" | "ttl" | "exit" | "health" | "dir"
>;

export function Facts(
  { status, pid, uptime, command, ttl, exit, health, dir }: FactsProps,
) {
  return (
    <dl class="pw-facts">
      <Fact id="status" label="Status">
        <StatusPill status={status} />
      </Fact>
      <Fact id="pid" label="PID">{pid}</Fact>
      <Fact id="uptime" label="Uptime">{uptime}</Fact>
      {exit && <Fact id="exit" label="Exit">{exit}</Fact>}
      {command && (
        <Fact id="command" label="Command">
          <span class="pw-path">{command}</span>
        </Fact>
      )}
      {ttl && <Fact id="ttl" label="TTL">{ttl}</Fact>}
      <Fact id="health" label="Last Health Report">
        {health ? <HealthReport health={health} /> : DASH}
      </Fact>
      {dir && (
        <Fact id="dir" label="Process Dir">
          <span class="pw-path">{dir}</span>
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly id: string;
  readonly label: string;
  readonly children: ComponentChildren;
}

function Fact({ id, label, children }: FactProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd data-fact={id}>{children}</dd>
    </>
  );
}

function StatusPill({ status }: { status: Status }) {
  return (
    <span class="pw-pill">
      <Icon name={status.icon} />
      {status.id}
    </span>
  );
}

function HealthReport({ health }: { health: Health }) {
  return (
    <>
      <span class={health.healthy ? "pw-healthy" : "pw-ailing"}>
        {health.status}
      </span>
      {health.message && <span class="pw-message">{health.message}</span>}
    </>
  );
}
