import type { SessionEvent } from '../session-events.ts'
import type { SessionState, Span } from '../session-shape.ts'

export function beginSpan(spans: Span[], event: SessionEvent): void {
  if (event.mediaMs !== undefined) spans.push({ fromMs: event.mediaMs })
}

export function endSpan(spans: Span[], event: SessionEvent): void {
  const last = spans.at(-1)
  if (last && last.toMs === undefined && event.mediaMs !== undefined) last.toMs = event.mediaMs
}

/** Where an event falls: the item being dealt with and the place on the media line. */
export function place(state: SessionState, event: SessionEvent): { item?: string; mediaMs?: number } {
  return {
    ...(state.currentItem ? { item: state.currentItem } : {}),
    ...(event.mediaMs === undefined ? {} : { mediaMs: event.mediaMs }),
  }
}
