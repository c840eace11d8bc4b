/** The form that creates a process. */

import { useEffect, useId, useState } from "preact/hooks";
import type {
  Creation,
  FormField,
  FormValues,
} from "../../widget/dashboard/traits.ts";
import { IconButton } from "../icon_button.tsx";
import { NoticeBox } from "../notice_box.tsx";
import { useFocus } from "../use_focus.ts";

/** The texts of a field. */
interface FieldText {
  readonly label: string;
  readonly hint: string;
  readonly required?: true;
  readonly isMultiline?: true;
}

const FIELDS: Record<FormField, FieldText> = {
  name: { label: "Name", hint: "web", required: true },
  command: {
    label: "Command",
    hint: "deno run -A server.ts --port 8000",
    required: true,
  },
  cwd: { label: "Folder", hint: "The notebook's" },
  ttl: { label: "Time to live, in seconds", hint: "Unlimited" },
  env: {
    label: "Environment",
    hint: "PORT=8000\nLOG_LEVEL=debug",
    isMultiline: true,
  },
};

const EMPTY: FormValues = { name: "", command: "", cwd: "", env: "", ttl: "" };

export interface NewProcessProps {
  /** The last request of this page, or null. */
  readonly creation: Creation | null;
  /** Whether the request has not been answered yet. */
  readonly isRunning: boolean;
  readonly open: boolean;
  readonly onSubmit: (values: FormValues) => void;
  readonly onClose: () => void;
}

/** Keeps what was typed while it is closed, until the process has been created. */
export function NewProcess(props: NewProcessProps) {
  const { creation, open } = props;
  const [values, setValues] = useState(EMPTY);
  const isCreated = creation?.state === "created";
  useEffect(() => {
    if (isCreated) setValues(EMPTY);
  }, [isCreated, creation?.request]);
  return open && <Form {...props} values={values} onInput={setValues} />;
}

interface FormProps extends NewProcessProps {
  readonly values: FormValues;
  readonly onInput: (values: FormValues) => void;
}

function Form(props: FormProps) {
  const { creation, isRunning, values, onInput, onClose } = props;
  const ref = useFocus<HTMLFormElement>();
  const id = useId();
  const errors = creation?.state === "failed" ? creation.errors : NO_ERRORS;
  useEffect(() => {
    ref.current!.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);
  return (
    <form
      ref={ref}
      class="pd-form"
      aria-label="New process"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) props.onSubmit(values);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div class="pd-form-head">
        <span class="pd-form-title">New process</span>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      {(Object.keys(FIELDS) as FormField[]).map((field) => (
        <Field
          key={field}
          id={`${id}-${field}`}
          field={field}
          value={values[field]}
          error={errors[field]}
          onInput={(value) => onInput({ ...values, [field]: value })}
        />
      ))}
      {errors.form && <NoticeBox kind="error" text={errors.form} />}
      <div class="pd-form-end">
        <button
          type="submit"
          class="pw-button pd-primary"
          aria-disabled={isRunning}
        >
          {isRunning ? "Starting …" : "Start"}
        </button>
        <button type="button" class="pw-button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

const NO_ERRORS: Creation["errors"] = {};

interface FieldProps {
  readonly id: string;
  readonly field: FormField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
}

function Field({ id, field, value, error, onInput }: FieldProps) {
  const { label, hint, required, isMultiline } = FIELDS[field];
  const Input = isMultiline ? "textarea" : "input";
  return (
    <div class="pd-field" data-field={field}>
      <label for={id}>{label}</label>
      <Input
        id={id}
        class="pw-input"
        name={field}
        value={value}
        placeholder={hint}
        required={required}
        aria-required={required}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        inputMode={field === "ttl" ? "decimal" : undefined}
        onInput={(event: Event) =>
          onInput((event.currentTarget as HTMLInputElement).value)}
      />
      {error !== undefined && (
        <span class="pd-error" id={`${id}-error`}>{error}</span>
      )}
    </div>
  );
}
