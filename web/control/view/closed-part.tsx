import type { JSX } from 'preact'
import { Icon } from '../../design/icon.tsx'
import { exactTime } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

/** So long without the server's word, and a closing that was tapped is told to have failed (design.md §2). */
export const closingPatienceMs = 2_000

/** Across the page while it is closed to the public; in red while the server has not said that it is. */
export function ClosedStrip({ model }: { model: RoomModel }): JSX.Element | null {
  const { closingMs, seed, state } = model
  const words = conductWords[seed.language]
  if (state.phase !== 'closed-part') return <ClosedOver model={model} />
  const late = closingMs !== undefined && closingMs >= closingPatienceMs
  const began = state.events.findLast((one) => one.type === 'closed.began')
  const recording = began?.type === 'closed.began' ? words.closedRecording[began.recording] : ''
  return (
    <div class={late ? 'closed-strip late' : 'closed-strip'} role="alert">
      <Icon name={late ? 'alert' : 'lock'} />
      <strong>{late ? words.closedNotYet : words.closedNow}</strong>
      <span>
        {late ? words.closedNotYetDetail : closingMs === undefined ? `${words.closedNowDetail}. ${recording}` : words.closedPending}
      </span>
    </div>
  )
}

const overLastsMs = 60_000

/** For a minute after: when it was opened again, and where the exact limit is set. */
function ClosedOver({ model }: { model: RoomModel }): JSX.Element | null {
  const { nowMs, seed, state } = model
  const ended = state.events.findLast((one) => one.type === 'closed.ended')
  if (!ended) return null
  const atMs = ended.at.wallMs - (ended.at.offsetMs ?? 0)
  if (nowMs - atMs > overLastsMs) return null
  return (
    <div class="strip closed" role="status">
      <span>{conductWords[seed.language].closedOver(exactTime(atMs, seed.council.timeZone).slice(0, 5))}</span>
    </div>
  )
}

/** Closing asked by what cannot hold, or with a choice to make; or the agreement that is still missing (R17; LBRL 70.1). */
export function ClosedSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = conductWords[seed.language]
  const agreed = state.votes.some((one) => one.purpose === 'secret-debate' && one.outcome === 'approved')
  const closed = state.phase === 'closed-part'
  return (
    <Sheet title={words.closedTitle} closeWord={controlWords[seed.language].back} onClose={() => acts.sheet(null)}>
      {closed ? (
        <button type="button" class="btn closed next" onClick={() => acts.mark([{ type: 'closed.ended' }], 'close')}>
          {words.closedAgain}
        </button>
      ) : agreed ? (
        <>
          <p class="muted">{words.closedGround}</p>
          <button type="button" class="btn closed on next" onClick={() => acts.closePart('none')}>
            <Icon name="lock" /> {words.closedNone}
          </button>
          {seed.council.closedPartRecording === 'restricted' ? (
            <button type="button" class="btn closed next" onClick={() => acts.closePart('restricted')}>
              {words.closedRestricted}
            </button>
          ) : null}
        </>
      ) : (
        <>
          <p>{words.closedNeedsVote}</p>
          <button type="button" class="btn main next" onClick={() => acts.vote('secret-debate')}>
            {words.closedVote}
          </button>
        </>
      )}
    </Sheet>
  )
}
