import type { JSX } from 'preact'
import { conductWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** The last of what a machine understood, under the agenda, where nothing moves for it. A tap takes it away for good. */
export function DraftLines({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { drafted, seed, state } = model
  if (drafted === undefined || state.phase !== 'open') return null
  const words = conductWords[seed.language]
  return (
    <section class="draft" aria-labelledby="draft-title">
      <div class="draft-head">
        <h3 id="draft-title" class="small">
          {words.draftTitle}
        </h3>
        <button type="button" class="btn quiet" onClick={() => acts.showDraft(!drafted.shown)}>
          {drafted.shown ? words.draftHide : words.draftShow}
        </button>
      </div>
      {drafted.lines.map((line) => (
        <p key={line.text}>
          {line.speaker === '' ? null : <b>{line.speaker}: </b>}
          <span lang={line.language}>{line.text}</span>
        </p>
      ))}
    </section>
  )
}
