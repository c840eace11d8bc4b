/** A button that copies a text to the clipboard and reports the result. */

import { useEffect, useState } from "preact/hooks";
import { IconButton } from "./icon_button.tsx";

/** How long the result is shown, in milliseconds. */
const RESULT_MS = 2000;

export interface CopyButtonProps {
  readonly label: string;
  /** Words of the label, shown where there is room. Default: none. */
  readonly short?: string;
  /** Returns the text to copy. */
  readonly text: () => string;
}

export function CopyButton({ label, short, text }: CopyButtonProps) {
  const [result, setResult] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), RESULT_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const handleClick = async () => {
    setResult(await copy(text()) ? "copied" : "failed");
  };
  return (
    <>
      <IconButton
        icon={result === null ? "copy" : result === "copied" ? "tick" : "cross"}
        label={label}
        text={short}
        onClick={handleClick}
      />
      <span class="pw-spoken" role="status">
        {result === "copied" && "Copied"}
        {result === "failed" &&
          "Copying is not allowed here: select and copy by hand"}
      </span>
    </>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard API is missing without HTTPS, and forbidden in some frames.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
