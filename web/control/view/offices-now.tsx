import type { JSX } from 'preact'
import type { Member } from '../../../storage/model/council.ts'
import { presentMembers } from '../../../storage/model/session-state.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { officeMark } from '../marks.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** Who presides and who gives faith from now on (R13, R80): one tap on who substitutes; the law says no to who may not. */
export function OfficesNow({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const conduct = conductWords[seed.language]
  const here = new Set(presentMembers(state, seed.council))
  const chairs = seed.council.members.filter((one) => here.has(one.id) || one.id === state.presidency)
  const clerks = seed.council.members.filter((one) => !one.legal)
  return (
    <>
      <p>{conduct.officesHelp}</p>
      <h3>{conduct.presides}</h3>
      <Holders office="presidency" people={chairs} model={model} acts={acts} />
      <h3>{conduct.attests}</h3>
      <Holders office="secretary" people={clerks} model={model} acts={acts} />
    </>
  )
}

interface HoldersProps {
  office: 'presidency' | 'secretary'
  people: readonly Member[]
  model: RoomModel
  acts: RoomActs
}

function Holders({ office, people, model, acts }: HoldersProps): JSX.Element {
  const { seed, state } = model
  const conduct = conductWords[seed.language]
  // The acta names the office in the language of the session, whatever the tablet speaks.
  const words = controlWords[seed.session.language]
  return (
    <div class="roll">
      {people.map((one) => {
        const holds = state[office] === one.id
        return (
          <button
            key={one.id}
            type="button"
            class={holds ? 'person roll-present' : 'person'}
            aria-pressed={holds}
            disabled={holds}
            onClick={() => acts.mark([officeMark(office, one, { ...seed, state }, words)])}
          >
            <b>{one.surname}</b>
            <small>
              {one.name}
              {holds ? ` · ${conduct.holdsOffice}` : ''}
            </small>
          </button>
        )
      })}
    </div>
  )
}
