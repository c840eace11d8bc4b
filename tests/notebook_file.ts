/** A notebook file, as far as tests read it. */
export interface NotebookFile {
  readonly cells: readonly NotebookCell[];
}

/** A code cell of a notebook file. */
export interface NotebookCell {
  readonly execution_count: number | null;
  readonly outputs: readonly CellOutput[];
}

/** An output of a cell. */
export interface CellOutput {
  readonly output_type: string;
  /** By MIME type. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Returns a notebook with these code cells, none of which has run. */
export function toNotebook(cells: readonly string[]) {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
    },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}

/** Returns what the outputs of a cell are, as in "execute_result view". */
export function outputsOf({ outputs }: NotebookCell): string[] {
  return outputs.map(({ output_type, data }) => {
    const hasView = data && "application/vnd.jupyter.widget-view+json" in data;
    return hasView ? `${output_type} view` : output_type;
  });
}
