/** Asks for confirmation of what cannot be undone. */

import { useFocus } from "../use_focus.ts";

export interface QuestionProps {
  readonly question: string;
  /** The answer that confirms. */
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function Question({ question, yes, onYes, onNo }: QuestionProps) {
  const ref = useFocus<HTMLDivElement>();
  return (
    <div
      ref={ref}
      class="pw-question"
      role="alertdialog"
      aria-label={question}
    >
      <span>{question}</span>
      <button type="button" class="pw-button" onClick={onYes}>{yes}</button>
      <button type="button" class="pw-button" onClick={onNo}>Cancel</button>
    </div>
  );
}
