/** The details of an expanded row, whose height is measured. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RowId } from "../../../widget/dashboard/traits.ts";

export interface DetailRowProps {
  readonly id: RowId;
  readonly name: string;
  /** Its number among all rows, counted from 1. */
  readonly rowIndex: number;
  /** Where it is, in pixels below the top of the first row. */
  readonly top: number;
  readonly columns: number;
  readonly isFocusable: boolean;
  readonly onHeight: (id: RowId, height: number) => void;
  readonly children: ComponentChildren;
}

export function DetailRow(props: DetailRowProps) {
  const { id, onHeight } = props;
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    const observer = new ResizeObserver(() => {
      // A hidden element has no height.
      const height = current!.offsetHeight;
      if (height > 0) onHeight(id, height);
    });
    observer.observe(current!);
    return () => observer.disconnect();
  }, [id]);
  return (
    <div
      ref={element}
      class="pd-detail"
      role="row"
      aria-rowindex={props.rowIndex}
      data-detail={id}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <div
        class="pd-detail-cell"
        role="gridcell"
        aria-colindex={1}
        aria-colspan={props.columns}
        data-column="detail"
      >
        <div
          role="group"
          aria-label={`Details of ${props.name}`}
          data-focus
          tabIndex={props.isFocusable ? 0 : -1}
        >
          {props.children}
        </div>
      </div>
    </div>
  );
}
