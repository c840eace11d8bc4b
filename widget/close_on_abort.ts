/**
 * Closes a widget on the caller's signal, which does not keep it alive.
 *
 * @param ended Aborts once the widget is closed.
 */
export function closeOnAbort(
  signal: AbortSignal | undefined,
  widget: WeakRef<{ close(): void }>,
  ended: AbortSignal,
): void {
  const close = () => widget.deref()?.close();
  if (signal?.aborted) close();
  else signal?.addEventListener("abort", close, { once: true, signal: ended });
}
