import type { JSX } from 'preact'
import { correctedMs } from '../../../storage/model/session-events.ts'
import { exactTime } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { markSentence } from '../mark-sentence.ts'
import { isForGood, undoMarks } from '../marks.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

/** Marks that the law does not let stand, as one line that stays until they are set right; nothing of them enters the acta. */
export function SetAsideStrip({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state, ready } = model
  const words = conductWords[seed.language]
  const count = state.setAside.length
  if (count === 0) return null
  return (
    <div class="strip warn" role="status">
      <span>{words.setAside(count)}</span>
      <button type="button" class="btn" disabled={!ready} onClick={() => acts.sheet('set-aside')}>
        {words.setAsideOpen}
      </button>
    </div>
  )
}

/** Each with its hour, why it does not count and what to do: mark what is missing, or take it back. */
export function SetAsideSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = conductWords[seed.language]
  const control = controlWords[seed.language]
  // What takes a mark back is kept in the language of the session, as everything the log says.
  const official = controlWords[seed.session.language]
  return (
    <Sheet title={words.setAsideTitle} closeWord={control.closeSheet} onClose={() => acts.sheet(null)}>
      <p>{words.setAsideHelp}</p>
      {state.setAside.length === 0 ? <p class="muted">{words.setAsideNone}</p> : null}
      <ol class="marks">
        {state.setAside.map(({ event, refusal }) => {
          const sentence = markSentence([event], seed.council, state, seed.language)
          const undo = official.undoNote(markSentence([event], seed.council, state, seed.session.language))
          return (
            <li key={event.id}>
              <span class="last">
                <b>{sentence}</b> <span class="num muted">{exactTime(correctedMs(event), seed.council.timeZone)}</span>
                <span class="line">
                  {refusal.reason[seed.language]} ({refusal.article})
                </span>
              </span>
              {isForGood(event) ? (
                <span class="small muted">{words.closedStays}</span>
              ) : (
                <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.mark(undoMarks([event], undo))}>
                  {words.setAsideTakeBack}
                  <span class="hidden-text">: {sentence}</span>
                </button>
              )}
            </li>
          )
        })}
      </ol>
    </Sheet>
  )
}
