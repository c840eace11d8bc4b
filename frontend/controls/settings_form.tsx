/** The form that changes how often the kernel polls and how many lines it keeps. */

import { useFocus } from "../use_focus.ts";

/** The values of the form. */
export interface SettingsValues {
  /** Seconds from one poll to the next. */
  readonly interval: number;
  /** Number of lines kept of each log. */
  readonly lines: number;
}

export interface SettingsFormProps {
  readonly values: SettingsValues;
  readonly onChange: (values: SettingsValues) => void;
}

export function SettingsForm({ values, onChange }: SettingsFormProps) {
  const ref = useFocus<HTMLFormElement>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    onChange({
      interval: Number(form.get("interval")),
      lines: Number(form.get("lines")),
    });
  };
  return (
    <form ref={ref} class="pw-settings" onSubmit={submit} noValidate>
      <NumberInput
        label="Seconds between polls"
        name="interval"
        value={values.interval}
      />
      <NumberInput
        label="Lines of each log"
        name="lines"
        value={values.lines}
      />
      <button type="submit" class="pw-button">Apply</button>
    </form>
  );
}

interface NumberInputProps {
  readonly label: string;
  readonly name: string;
  readonly value: number;
}

function NumberInput({ label, name, value }: NumberInputProps) {
  return (
    <label>
      {label}
      <input
        class="pw-input"
        name={name}
        type="number"
        step="any"
        defaultValue={String(value)}
      />
    </label>
  );
}
