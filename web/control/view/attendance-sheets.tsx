import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { fullName } from '../../../storage/model/council.ts'
import { quorumNow } from '../../../storage/model/law/quorum.ts'
import type { EventOf } from '../../../storage/model/session-events.ts'
import { hasQuorum, presentMembers } from '../../../storage/model/session-state.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { Roll } from '../marks.ts'
import { attestingMember, legalMembers, presidingMember } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { OfficesNow } from './offices-now.tsx'
import { Sheet } from './sheet.tsx'

const nextState = { present: 'excused', excused: 'absent', absent: 'present' } as const

/** Roll call: everybody is taken as present, a tap corrects; then the presidency opens, or nothing is held (R13, R14). */
export function RollSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const legal = legalMembers(seed.council).filter((one) => state.body.members.includes(one.id))
  const [roll, setRoll] = useState<Roll>({})
  const [call, setCall] = useState<1 | 2>(seed.session.call)
  const presiding = presidingMember(seed.council, seed.session, state)
  const { attests } = seed.person
  const attesting = seed.council.members.find((one) => one.id === attests?.person) ?? attestingMember(seed.council, seed.session, state)
  const present = legal.filter((one) => (roll[one.id] ?? 'present') === 'present').length
  const { needed } = quorumNow({ ...state, call })
  return (
    <Sheet title={words.rollTitle} closeWord={words.back} onClose={() => acts.sheet(null)}>
      <p class={presiding && attesting ? 'muted' : 'lacking'}>
        {presiding && attesting
          ? `${words.rollPresides(fullName(presiding))} · ${words.rollSecretary(fullName(attesting))}`
          : words.rollNobody}
      </p>
      <fieldset class="choices row2">
        <legend class="hidden-text">{conduct.callTitle}</legend>
        {([1, 2] as const).map((one) => (
          <button key={one} type="button" class="btn choice" aria-pressed={call === one} onClick={() => setCall(one)}>
            {conduct.call[one]}
          </button>
        ))}
      </fieldset>
      <p>{words.rollHelp}</p>
      <div class="roll">
        {legal.map((one) => {
          const now = roll[one.id] ?? 'present'
          return (
            <button key={one.id} type="button" class={`person roll-${now}`} onClick={() => setRoll({ ...roll, [one.id]: nextState[now] })}>
              <b>{one.surname}</b>
              <small>
                {one.name} · {words.rollStates[now]}
              </small>
            </button>
          )
        })}
      </div>
      {present < needed ? (
        <>
          <p class="lacking" role="status">
            {conduct.quorumLost(present, needed)}
          </p>
          <button type="button" class="btn next" onClick={() => acts.notHeld(roll)}>
            {conduct.notHeld}
          </button>
        </>
      ) : (
        <button type="button" class="btn main next" onClick={() => acts.open(roll, call)}>
          {words.rollOpen(present)}
        </button>
      )}
    </Sheet>
  )
}

/** Who comes and goes once the session is open, each with its hour (R12); and who the law bids to abstain on this item (R20). */
export function AttendanceSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const [mode, setMode] = useState<'moves' | 'duty' | 'offices'>('moves')
  const item = state.items.find((one) => one.item.id === state.currentItem)?.item
  const present = presentMembers(state, seed.council).length
  const quorum = hasQuorum(state, seed.council)
  return (
    <Sheet title={words.attendanceTitle} closeWord={words.closeSheet} onClose={() => acts.sheet(null)}>
      <p class={quorum ? 'quorum num' : 'quorum num lacking'} role="status">
        {conduct.quorumLine(present, seed.council.legalNumber, quorum)}
      </p>
      <div class="choices row3">
        <button type="button" class="btn choice" aria-pressed={mode === 'moves'} onClick={() => setMode('moves')}>
          {conduct.modeMoves}
        </button>
        <button type="button" class="btn choice" aria-pressed={mode === 'duty'} onClick={() => setMode('duty')}>
          {conduct.modeDuty}
        </button>
        <button type="button" class="btn choice" aria-pressed={mode === 'offices'} onClick={() => setMode('offices')}>
          {conduct.modeOffices}
        </button>
      </div>
      {mode === 'moves' ? <p>{words.attendanceHelp}</p> : null}
      {mode === 'duty' ? <p>{item ? conduct.dutyHelp(`${item.number}. ${item.title[seed.language]}`) : conduct.dutyNoItem}</p> : null}
      {mode === 'moves' ? <Moves model={model} acts={acts} /> : null}
      {mode === 'duty' && item ? <Duties item={item.id} model={model} acts={acts} /> : null}
      {mode === 'offices' ? <OfficesNow model={model} acts={acts} /> : null}
    </Sheet>
  )
}

function Moves({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  return (
    <div class="roll">
      {legalMembers(model.seed.council).map((one) => {
        const now = model.state.attendance[one.id] ?? 'absent'
        return (
          <button key={one.id} type="button" class={`person roll-${now}`} onClick={() => acts.moveMember(one.id)}>
            <b>{one.surname}</b>
            <small>
              {words.rollStates[now]} · {now === 'present' ? words.leaves : words.arrives}
            </small>
          </button>
        )
      })}
    </div>
  )
}

function Duties({ item, model, acts }: { item: EventOf<'abstention.began'>['item']; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const conduct = conductWords[seed.language]
  const present = new Set(presentMembers(state, seed.council))
  const bound = new Set(state.abstaining.filter((one) => one.item === item).map((one) => one.member))
  return (
    <div class="roll">
      {legalMembers(seed.council)
        .filter((one) => present.has(one.id) || bound.has(one.id))
        .map((one) => {
          const on = bound.has(one.id)
          return (
            <button
              key={one.id}
              type="button"
              class={`person roll-${on ? 'left' : 'present'}`}
              aria-pressed={on}
              onClick={() => acts.mark([{ type: on ? 'abstention.ended' : 'abstention.began', member: one.id, item }])}
            >
              <b>{one.surname}</b>
              <small>{on ? conduct.dutyOn : conduct.dutyOff}</small>
            </button>
          )
        })}
    </div>
  )
}
