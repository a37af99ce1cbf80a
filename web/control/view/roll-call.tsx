import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { fullName } from '../../../storage/model/council.ts'
import type { VoteState } from '../../../storage/model/vote-state.ts'
import { conductWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { rollCallOrder } from '../vote-marks.ts'

const answers = ['favour', 'against', 'abstain'] as const

/** A nominal vote: one person is called at a time, each answer is kept as it is given, and any may be called again (R22; ROF 101). */
export function RollCall({ vote, model, acts }: { vote: VoteState; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const conduct = conductWords[seed.language]
  const order = rollCallOrder(vote, seed.council, state)
  const [again, setAgain] = useState<string | undefined>(undefined)
  const called = again ?? order.find((id) => vote.ballots[id] === undefined)
  const name = (id: string) => {
    const member = seed.council.members.find((one) => one.id === id)
    return member ? fullName(member) : ''
  }
  return (
    <div class="call">
      <p class="called" role="status">
        <b>{called === undefined ? conduct.callDone : conduct.callNow(name(called))}</b>
        <span class="muted">{conduct.callOrder}</span>
      </p>
      {called === undefined ? null : (
        <div class="choices row3 answers">
          {answers.map((sense) => (
            <button
              key={sense}
              type="button"
              class={`btn choice ${sense}`}
              onClick={() => {
                setAgain(undefined)
                acts.ballot(called, sense)
              }}
            >
              {conduct.callAnswer[sense]}
            </button>
          ))}
        </div>
      )}
      <ol class="called-list">
        {order.map((id) => {
          const sense = vote.ballots[id]
          return (
            <li key={id} class={id === called ? 'now' : undefined}>
              {sense === undefined ? (
                <span class="waits">{name(id)}</span>
              ) : (
                <button
                  type="button"
                  class={`btn quiet ${sense}`}
                  aria-label={conduct.callChange(name(id), conduct.callAnswer[sense])}
                  onClick={() => setAgain(id)}
                >
                  <span>{name(id)}</span> <b>{conduct.callAnswer[sense]}</b>
                </button>
              )}
            </li>
          )
        })}
      </ol>
    </div>
  )
}
