import type { JSX } from 'preact'
import { HeardLine } from '../../design/heard-line.tsx'
import { conductWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/**
 * The last of what a machine understood, at the foot of the agenda's pane: in sight however long the agenda is, a few lines high, the newest
 * always seen. Nothing else moves for it, and a tap takes it away for good.
 */
export function DraftLines({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { drafted, seed, state } = model
  if (drafted === undefined || state.phase !== 'open') return null
  const words = conductWords[seed.language]
  return (
    <div class="draft">
      <div class="draft-head">
        <h3 id="draft-title" class="small">
          {words.draftTitle}
        </h3>
        <button
          type="button"
          class="btn quiet"
          aria-expanded={drafted.shown}
          aria-describedby="draft-title"
          onClick={() => acts.showDraft(!drafted.shown)}
        >
          {drafted.shown ? words.draftHide : words.draftShow}
        </button>
      </div>
      {drafted.lines.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys (WCAG 2.1.1)
        <section class="draft-lines" aria-labelledby="draft-title" tabIndex={0}>
          <div>
            {drafted.lines.map((line) => (
              <HeardLine key={line.text} {...line} />
            ))}
          </div>
        </section>
      )}
    </div>
  )
}
