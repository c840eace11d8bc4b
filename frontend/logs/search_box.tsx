/** The input of a search through a log, with its result and navigation. */

import { IconButton } from "../icon_button.tsx";
import { useFocus } from "../use_focus.ts";
import type { SearchState } from "./search.ts";

export interface SearchBoxProps
  extends Pick<SearchState, "text" | "count" | "index" | "setText" | "step"> {
  readonly label: string;
  readonly onClose: () => void;
}

export function SearchBox(props: SearchBoxProps) {
  const { label, text, count, index, setText, step, onClose } = props;
  const ref = useFocus<HTMLDivElement>();
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div ref={ref} class="pw-search" role="group" aria-label={label}>
      <input
        class="pw-input"
        type="text"
        value={text}
        placeholder="Find"
        aria-label={label}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={handleKey}
      />
      <span class="pw-count" role="status">
        {text && (count === 0 ? "No match" : `${index + 1} of ${count}`)}
      </span>
      <IconButton
        icon="up"
        label="Previous match"
        disabled={count === 0}
        onClick={() => step(-1)}
      />
      <IconButton
        icon="down"
        label="Next match"
        disabled={count === 0}
        onClick={() => step(1)}
      />
      <IconButton icon="close" label="Close search" onClick={onClose} />
    </div>
  );
}
