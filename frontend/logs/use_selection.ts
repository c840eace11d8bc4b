/** Whether a reader has text selected in an element. */

import { useEffect } from "preact/hooks";

/** Calls `onSelect` when text is selected in the element with this id. */
export function useSelection(id: string, onSelect: () => void): void {
  useEffect(() => {
    const handle = () => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed) return;
      if (document.getElementById(id)?.contains(selection.anchorNode)) {
        onSelect();
      }
    };
    document.addEventListener("selectionchange", handle);
    return () => document.removeEventListener("selectionchange", handle);
  });
}
