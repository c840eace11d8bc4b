/** A button that copies a text, and says that it did. */

import { useEffect, useState } from "preact/hooks";
import { copy } from "./clipboard.ts";
import { IconButton } from "./icon_button.tsx";

/** How long it says so, in milliseconds. */
const TOLD = 2000;

export interface CopyButtonProps {
  readonly label: string;
  /** The text, made when it is wanted. */
  readonly text: () => string;
}

export function CopyButton({ label, text }: CopyButtonProps) {
  const [done, setDone] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (done === null) return;
    const timer = setTimeout(() => setDone(null), TOLD);
    return () => clearTimeout(timer);
  }, [done]);
  const handleClick = async () => {
    setDone(await copy(text()) ? "copied" : "failed");
  };
  return (
    <>
      <IconButton
        icon={done === null ? "copy" : done === "copied" ? "tick" : "close"}
        label={label}
        onClick={handleClick}
      />
      <span class="pw-spoken" role="status">
        {done === "copied" && "Copied"}
        {done === "failed" && "The page may not copy: select and copy by hand"}
      </span>
    </>
  );
}
