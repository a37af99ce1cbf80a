import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { fullName } from '../../../storage/model/council.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { Roll } from '../marks.ts'
import { attestingMember, presidingMember } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

const nextState = { present: 'excused', excused: 'absent', absent: 'present' } as const

/** Roll call: everybody is taken as present, a tap corrects; then the presidency opens. */
export function RollSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const legal = seed.council.members.filter((one) => one.legal)
  const [roll, setRoll] = useState<Roll>({})
  const presiding = presidingMember(seed.council, seed.session, state)
  const attesting = attestingMember(seed.council, seed.session, state)
  const present = legal.filter((one) => (roll[one.id] ?? 'present') === 'present').length
  return (
    <Sheet title={words.rollTitle} closeWord={words.back} onClose={() => acts.sheet(null)}>
      <p class={presiding && attesting ? 'muted' : 'lacking'}>
        {presiding && attesting
          ? `${words.rollPresides(fullName(presiding))} · ${words.rollSecretary(fullName(attesting))}`
          : words.rollNobody}
      </p>
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
      <button type="button" class="btn main next" onClick={() => acts.open(roll)}>
        {words.rollOpen(present)}
      </button>
    </Sheet>
  )
}

/** Who comes and goes once the session is open; each tap is an event with its hour (R12). */
export function AttendanceSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  return (
    <Sheet title={words.attendanceTitle} closeWord={words.closeSheet} onClose={() => acts.sheet(null)}>
      <p>{words.attendanceHelp}</p>
      <div class="roll">
        {seed.council.members
          .filter((one) => one.legal)
          .map((one) => {
            const now = state.attendance[one.id] ?? 'absent'
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
    </Sheet>
  )
}
