import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { EventOf } from '../../../storage/model/session-events.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { Mark } from '../marks.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

type ItemId = EventOf<'item.opened'>['item']

/** What else may become of an item: put to the vote that it stays on the table, withdrawn, debated together with others, dealt with (R19; ROF 92). */
export function ItemSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state } = model
  const words = conductWords[seed.language]
  const of = state.items.find((one) => one.item.id === model.sheetItem)
  const [joined, setJoined] = useState<readonly string[]>([])
  if (!of) return null
  const { item } = of
  const id = item.id as ItemId
  const now = state.currentItem === id
  const others = state.items.filter((one) => one.status === 'pending' && one.item.id !== id)
  const toggle = (other: string) => setJoined(joined.includes(other) ? joined.filter((one) => one !== other) : [...joined, other])
  const join = (): Mark[] => [
    ...(now ? [] : [{ type: 'item.opened', item: id } as const]),
    { type: 'item.joined', item: id, items: joined as ItemId[] },
  ]
  return (
    <Sheet
      title={words.itemTitle(item.number, item.title[seed.language])}
      closeWord={controlWords[seed.language].back}
      onClose={() => acts.sheet(null)}
    >
      <div class="pair">
        {now ? (
          <>
            <button type="button" class="btn" onClick={() => acts.vote('postpone')}>
              {words.itemVotePostpone}
            </button>
            <button type="button" class="btn" onClick={() => acts.vote('withdraw')}>
              {words.itemVoteWithdraw}
            </button>
          </>
        ) : (
          <button type="button" class="btn wide" onClick={() => acts.mark([{ type: 'item.opened', item: id }], 'close')}>
            {words.itemOpen}
          </button>
        )}
        <button
          type="button"
          class="btn wide"
          onClick={() => acts.mark([{ type: 'item.withdrawn', item: id, ground: 'presidency' }], 'close')}
        >
          {words.itemWithdrawn}
        </button>
        {now ? (
          <button type="button" class="btn wide" onClick={() => acts.mark([{ type: 'item.closed', item: id }], 'close')}>
            {words.itemClose}
          </button>
        ) : null}
      </div>
      {others.length === 0 ? null : (
        <>
          <h3>{words.itemJoin}</h3>
          <p class="muted">{words.itemJoinHelp}</p>
          <div class="choices">
            {others.map((one) => (
              <button
                key={one.item.id}
                type="button"
                class="btn choice"
                aria-pressed={joined.includes(one.item.id)}
                onClick={() => toggle(one.item.id)}
              >
                {words.itemTitle(one.item.number, one.item.title[seed.language])}
              </button>
            ))}
          </div>
          <button type="button" class="btn main" disabled={joined.length === 0} onClick={() => acts.mark(join(), 'close')}>
            {words.itemJoinConfirm(joined.length)}
          </button>
        </>
      )}
    </Sheet>
  )
}

/** An item that is not on the agenda: added, opened, and its urgency put to the vote (R5; ROF 91.4, TRRL 51). */
export function UrgencySheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = conductWords[model.seed.language]
  const [title, setTitle] = useState('')
  return (
    <Sheet title={words.urgencyTitle} closeWord={controlWords[model.seed.language].back} onClose={() => acts.sheet(null)}>
      <p class="muted">{words.urgencyHelp}</p>
      <label class="labelled">
        {words.urgencyWhat}
        <input class="field" maxLength={300} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <button type="button" class="btn main next" disabled={title.trim() === ''} onClick={() => acts.addUrgency(title.trim())}>
        {words.urgencyConfirm}
      </button>
    </Sheet>
  )
}
