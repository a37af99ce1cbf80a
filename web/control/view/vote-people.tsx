import type { JSX } from 'preact'
import type { Member } from '../../../storage/model/council.ts'
import type { Sense } from '../../../storage/model/session-events.ts'
import type { VoteState } from '../../../storage/model/vote-state.ts'
import { conductWords } from '../../words/staff-words.ts'
import type { RoomModel } from '../room-model.ts'
import type { Senses } from '../vote-marks.ts'
import { groupClass } from './speakers.tsx'

const all = ['favour', 'against', 'abstain'] as const

interface PeopleProps {
  vote: VoteState
  model: RoomModel
  senses: Senses
  setSenses: (senses: Senses) => void
}

/** One row a group: one tap gives all its voters the same sense; who breaks ranks is set person by person. */
export function ByGroups({ vote, model, senses, setSenses }: PeopleProps): JSX.Element {
  const { council, language } = model.seed
  const conduct = conductWords[language]
  const voters = council.members.filter((one) => vote.voters.includes(one.id))
  const rows = [
    ...council.groups.map((group) => ({ id: group.id, name: group.name, members: voters.filter((one) => one.group === group.id) })),
    { id: '', name: conduct.noGroup, members: voters.filter((one) => !council.groups.some((group) => group.id === one.group)) },
  ].filter((row) => row.members.length > 0)
  return (
    <div class="ballots">
      {rows.map(({ id, name, members }) => {
        const held = new Set(members.map((one) => senses[one.id]))
        const same = held.size === 1 ? [...held][0] : undefined
        const set = (sense: Sense) => setSenses({ ...senses, ...Object.fromEntries(members.map((one) => [one.id, sense])) })
        const below = held.size > 1 ? `${conduct.groupVoters(members.length)} · ${conduct.groupMixed}` : conduct.groupVoters(members.length)
        return (
          <BallotRow key={id} name={name} below={below} tone={groupClass(model, members[0])} sense={same} set={set} language={language} />
        )
      })}
    </div>
  )
}

/** One row a person, in the order of the council. */
export function ByPeople({ vote, model, senses, setSenses }: PeopleProps): JSX.Element {
  const { council, language } = model.seed
  const row = (one: Member) => (
    <BallotRow
      key={one.id}
      name={one.surname}
      below={council.groups.find((group) => group.id === one.group)?.short ?? one.name}
      tone={groupClass(model, one)}
      sense={senses[one.id]}
      set={(sense) => setSenses({ ...senses, [one.id]: sense })}
      language={language}
    />
  )
  return <div class="ballots">{council.members.filter((one) => vote.voters.includes(one.id)).map(row)}</div>
}

interface RowProps {
  name: string
  below: string
  tone: string
  sense: Sense | undefined
  set: (sense: Sense) => void
  language: RoomModel['seed']['language']
}

function BallotRow({ name, below, tone, sense, set, language }: RowProps): JSX.Element {
  const conduct = conductWords[language]
  return (
    <fieldset class={`ballot ${tone}`} aria-label={name}>
      <span class="who">
        <b>{name}</b>
        <small>{below}</small>
      </span>
      {all.map((one) => (
        <button key={one} type="button" class={`btn choice ${one}`} aria-pressed={sense === one} onClick={() => set(one)}>
          {conduct.senses[one]}
        </button>
      ))}
    </fieldset>
  )
}
