import type { JSX } from 'preact'
import { duration } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import { openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

/** Asks once more before the end: how long it was, what was not dealt with. */
export function StopSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state, mediaMs, word } = model
  const words = controlWords[seed.language]
  const left = state.items.filter((one) => one.status === 'pending')
  const open = state.phase === 'open' || state.phase === 'recess'
  const captured = seed.session.recorded && word !== 'ready' && word !== 'stopped' && mediaMs !== undefined
  const voting = openVote(state) !== undefined
  const confirm = open && captured ? words.stopConfirm : open ? words.stopConfirmLift : words.stopConfirmRecording
  return (
    <Sheet title={words.stopTitle} closeWord={words.back} onClose={() => acts.sheet(null)}>
      {seed.session.recorded ? (
        <p class="num">{mediaMs === undefined ? words.stopNothing : words.stopDuration(duration(mediaMs))}</p>
      ) : null}
      {open && left.length > 0 ? (
        <>
          <h3>{words.stopItemsLeft}</h3>
          <ul class="left">
            {left.map(({ item }) => (
              <li key={item.id}>
                {item.number}. {item.title[seed.language]}
              </li>
            ))}
          </ul>
        </>
      ) : open ? (
        <p>{words.stopItemsDone}</p>
      ) : null}
      <p class="muted">{voting ? words.stopVoteOpen : words.stopHelp}</p>
      <button type="button" class="btn big stop" disabled={voting} onClick={() => acts.finish()}>
        {confirm}
      </button>
    </Sheet>
  )
}
