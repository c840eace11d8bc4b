/** How often the kernel looks, and how much it keeps. */

/** What can be set. */
export interface SettingsValues {
  /** Seconds from one poll to the next. */
  readonly interval: number;
  /** Lines kept of each log. */
  readonly lines: number;
}

export interface SettingsProps {
  readonly values: SettingsValues;
  readonly onChange: (values: SettingsValues) => void;
}

export function Settings({ values, onChange }: SettingsProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    onChange({
      interval: Number(form.get("interval")),
      lines: Number(form.get("lines")),
    });
  };
  return (
    <form class="pw-settings" onSubmit={submit} noValidate>
      <label>
        Seconds between polls
        <input
          class="pw-input"
          name="interval"
          type="number"
          step="any"
          defaultValue={String(values.interval)}
        />
      </label>
      <label>
        Lines of each log
        <input
          class="pw-input"
          name="lines"
          type="number"
          step="any"
          defaultValue={String(values.lines)}
        />
      </label>
      <button type="submit" class="pw-button">Apply</button>
    </form>
  );
}
