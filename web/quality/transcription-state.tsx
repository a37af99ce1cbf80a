import type { JSX } from 'preact'
import { type Progress, remainingMs } from '../../storage/records/progress.ts'
import { duration } from '../words/dates.ts'
import type { QualityWords } from '../words/quality-gl.ts'

/** Whether a session is being written down now, and what a person may do about it. */
export type TranscriptionState =
  | { kind: 'running'; done: number; total: number; leftMs: number | undefined; open: boolean }
  | { kind: 'stopped'; done: number; total: number; open: boolean }
  | { kind: 'rests'; open: boolean }

/** What the progress of a session tells of its transcript. Pure. */
export function transcriptionState(
  told: readonly Progress[],
  of: { cancelled: boolean; open: boolean; nowMs: number },
): TranscriptionState {
  const { open, nowMs } = of
  const now = told.find((one) => one.step === 'transcribe')
  // Without a model nothing is recognised and the session completes at once; its detail begins with the state.
  const idle = /^(?:model-missing|model-refused|no-engine): /.test(now?.detail ?? '')
  if (!now || idle || now.done >= now.total) return { kind: 'rests', open }
  const { done, total } = now
  if (of.cancelled) return { kind: 'stopped', done, total, open }
  return { kind: 'running', done, total, leftMs: remainingMs(told, 'transcribe', nowMs), open }
}

export function TranscriptionCard({ state, words, action }: CardProps): JSX.Element | null {
  if (!state.open) return null
  if (state.kind === 'rests') {
    if (action === undefined) return null
    return (
      <details class="card pad">
        <summary>{words.again}</summary>
        <p>{words.againHelp}</p>
        <ActButton action={action} act="again" label={words.again} />
      </details>
    )
  }
  const { done, total } = state
  return (
    <section class="card pad stack" aria-labelledby="running">
      <h2 id="running">{state.kind === 'running' ? words.running : words.stopped}</h2>
      <p class="num">{words.pieces(done, total)}</p>
      {state.kind === 'running' && state.leftMs !== undefined ? <p>{words.timeLeft(duration(roundUp(state.leftMs)))}</p> : null}
      <progress value={done} max={total} aria-label={words.pieces(done, total)} />
      {state.kind === 'running' ? (
        <ActButton action={action} act="stop" label={words.stop} />
      ) : (
        <ActButton action={action} act="again" label={words.goOn} />
      )}
    </section>
  )
}

/** Nobody waits by the second. */
const roundUp = (ms: number) => (ms > 90_000 ? Math.ceil(ms / 60_000) * 60_000 : Math.ceil(ms / 10_000) * 10_000)

function ActButton({ action, act, label }: { action: string | undefined; act: 'stop' | 'again'; label: string }): JSX.Element | null {
  if (action === undefined) return null
  return (
    <form method="post" action={action}>
      <button class="btn" type="submit" name="act" value={act}>
        {label}
      </button>
    </form>
  )
}

interface CardProps {
  state: TranscriptionState
  words: QualityWords
  /** Where a button sends; undefined for who may only read. */
  action: string | undefined
}
