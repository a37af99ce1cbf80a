import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { EventOf } from '../../../storage/model/session-events.ts'
import { presentMembers } from '../../../storage/model/session-state.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { Mark } from '../marks.ts'
import { floorNow, speakerName } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

const turns = ['first', 'second', 'allusion', 'order', 'explanation', 'presentation', 'justification', 'question', 'answer'] as const
/** The third call to order may end in expulsion (ROF 95). */
const lastCall = 3

/** What is rarer: which turn it is, a note, an incident, calls to order (R15, R19); and the settings of this tablet. */
export function MoreSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed } = model
  const words = conductWords[seed.language]
  return (
    <Sheet title={words.moreTitle} closeWord={controlWords[seed.language].closeSheet} onClose={() => acts.sheet(null)}>
      <Turn model={model} acts={acts} />
      <WrittenMark title={words.noteTitle} help={words.noteHelp} keep={words.noteKeep} type="note" model={model} acts={acts} />
      <WrittenMark
        title={words.incidentTitle}
        help={words.incidentHelp}
        keep={words.incidentKeep}
        type="incident"
        model={model}
        acts={acts}
      />
      <Orders model={model} acts={acts} />
      <button type="button" class="btn" onClick={() => acts.sheet('settings')}>
        {words.settings}
      </button>
    </Sheet>
  )
}

function Turn({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state } = model
  const words = conductWords[seed.language]
  const floor = floorNow(state)
  if (floor?.event.type !== 'floor.given') return null
  const now = floor.event.turn
  const name = speakerName(floor.speaker, seed.council, { ...words, secretary: controlWords[seed.language].secretary })
  return (
    <>
      <h3>{words.turnTitle}</h3>
      <p>{words.turnOf(name)}</p>
      <div class="choices row3">
        {turns.map((turn) => (
          <button key={turn} type="button" class="btn choice" aria-pressed={turn === now} onClick={() => acts.turn(turn)}>
            {words.turns[turn]}
          </button>
        ))}
        <button type="button" class="btn choice" onClick={() => acts.floor(floor.speaker)}>
          {words.endTurn}
        </button>
      </div>
    </>
  )
}

interface WrittenProps {
  title: string
  help: string
  keep: string
  type: 'note' | 'incident'
  model: RoomModel
  acts: RoomActs
}

function WrittenMark({ title, help, keep, type, model, acts }: WrittenProps): JSX.Element {
  const words = conductWords[model.seed.language]
  const [text, setText] = useState('')
  const written = text.trim()
  return (
    <>
      <h3>{title}</h3>
      <p class="muted">{help}</p>
      <div class="written">
        <input
          class="field"
          aria-label={`${title}: ${words.textLabel}`}
          maxLength={2000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="button" class="btn" disabled={written === ''} onClick={() => acts.mark([{ type, text: written }], 'close')}>
          {keep}
        </button>
      </div>
    </>
  )
}

function Orders({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state } = model
  const words = conductWords[seed.language]
  if (state.phase !== 'open' && state.phase !== 'closed-part') return null
  const present = new Set(presentMembers(state, seed.council))
  const members = seed.council.members.filter((one) => present.has(one.id))
  const callsTo = (id: string) => state.events.filter((one) => one.type === 'order.called' && one.member === id).length
  const mark = (type: 'order.called' | 'member.expelled', member: string): Mark => ({
    type,
    text: '',
    member: member as EventOf<'order.called'>['member'],
  })
  return (
    <>
      <h3>{words.orderTitle}</h3>
      <p class="muted">{words.orderHelp}</p>
      <div class="roll">
        {members.map((one) => {
          const calls = callsTo(one.id)
          return (
            <button
              key={one.id}
              type="button"
              class={calls > 0 ? 'person roll-left' : 'person'}
              onClick={() => acts.mark([mark('order.called', one.id)])}
            >
              <b>{one.surname}</b>
              <small>{calls === 0 ? words.orderNone : words.orderTimes(calls)}</small>
            </button>
          )
        })}
      </div>
      {members
        .filter((one) => callsTo(one.id) >= lastCall)
        .map((one) => (
          <button key={one.id} type="button" class="btn stop" onClick={() => acts.mark([mark('member.expelled', one.id)], 'close')}>
            {words.expel(one.surname)}
          </button>
        ))}
    </>
  )
}
