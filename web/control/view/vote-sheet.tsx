import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Sense } from '../../../storage/model/session-events.ts'
import { deFacto } from '../../../storage/model/session-rules.ts'
import { proposedOutcome, type Tally } from '../../../storage/model/vote-rules.ts'
import type { VoteState } from '../../../storage/model/vote-state.ts'
import { controlWords } from '../../words/staff-words.ts'
import { openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

const nothing: Tally = { favour: 0, against: 0, abstain: 0 }
const senses = ['favour', 'against', 'abstain'] as const

/** The open vote: unanimity in one tap, or the counts; nothing counts until the presidency's word is marked with «Proclamar» (R29). */
export function VoteSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const [tally, setTally] = useState<Tally>(nothing)
  const vote = openVote(state)
  if (!vote) return null
  const item = state.items.find((one) => one.item.id === vote.item)?.item
  const voters = vote.voters.length
  const missing = voters - tally.favour - tally.against - tally.abstain
  const about = [
    words.votePurposes[vote.purpose],
    words.voteMajorities[vote.majority],
    ...(vote.round === 2 ? [words.voteRound2] : []),
    words.votePresent(voters),
  ]
  return (
    <Sheet
      title={item ? `${words.voteTitle} · ${item.number}. ${item.title[seed.language]}` : words.voteTitle}
      closeWord={words.back}
      onClose={() => acts.sheet(null)}
    >
      <p class="muted">{about.join(' · ')}</p>
      <button
        type="button"
        class="btn unanimity"
        aria-pressed={tally.favour === voters}
        onClick={() => setTally({ ...nothing, favour: voters })}
      >
        {words.unanimity} <span class="num">({words.unanimityOf(voters)})</span>
      </button>
      <p class="or">{words.orCount}</p>
      <div class="counts">
        {senses.map((sense) => (
          <Stepper key={sense} sense={sense} tally={tally} missing={missing} setTally={setTally} model={model} />
        ))}
      </div>
      <Proclaim vote={vote} tally={tally} missing={missing} model={model} acts={acts} />
      <button type="button" class="btn quiet" onClick={() => acts.cancelVote()}>
        {words.cancelVote}
      </button>
    </Sheet>
  )
}

function Stepper({ sense, tally, missing, setTally, model }: StepperProps): JSX.Element {
  const words = controlWords[model.seed.language]
  const set = (count: number) => setTally({ ...tally, [sense]: Math.max(0, count) })
  return (
    <fieldset class={`stepper ${sense}`} aria-label={words[sense]}>
      <span class="what">{words[sense]}</span>
      <button
        type="button"
        class="btn"
        aria-label={words.less(words[sense])}
        disabled={tally[sense] === 0}
        onClick={() => set(tally[sense] - 1)}
      >
        −
      </button>
      <output class="num">{tally[sense]}</output>
      <button type="button" class="btn" aria-label={words.more(words[sense])} onClick={() => set(tally[sense] + 1)}>
        +
      </button>
      <button
        type="button"
        class="btn rest"
        aria-label={words.restOf(words[sense])}
        disabled={missing <= 0}
        onClick={() => set(tally[sense] + missing)}
      >
        {words.rest}
      </button>
    </fieldset>
  )
}

interface StepperProps {
  sense: Sense
  tally: Tally
  missing: number
  setTally: (tally: Tally) => void
  model: RoomModel
}

/** The software proposes what the counts give; the presidency's proclamation is what is marked. */
function Proclaim({ vote, tally, missing, model, acts }: { vote: VoteState; tally: Tally; missing: number } & SheetInput): JSX.Element {
  const words = controlWords[model.seed.language]
  const numbers = { legalNumber: model.seed.council.legalNumber, deFactoNumber: deFacto(model.seed.council) }
  const proposed = proposedOutcome(vote.majority, tally, numbers)
  const sentence = words.proposed[proposed](words.counts(tally.favour, tally.against, tally.abstain))
  const complete = missing === 0
  const secondTie = complete && proposed === 'tie' && vote.round === 2
  const help = secondTie ? words.casting : proposed === 'tie' ? words.tieHelp : words.proclaimHelp
  return (
    <div class="proclaim">
      <p class={complete ? 'tally good' : 'tally'} role="status">
        {complete ? (
          <>
            <b>{sentence}</b>
            <span>{help}</span>
          </>
        ) : missing > 0 ? (
          words.missing(missing)
        ) : (
          words.tooMany(-missing)
        )}
      </p>
      {secondTie ? (
        <>
          <button type="button" class="btn main next" onClick={() => acts.proclaim(tally, 'approved', 'favour')}>
            {words.castingFavour}
          </button>
          <button type="button" class="btn main next" onClick={() => acts.proclaim(tally, 'rejected', 'against')}>
            {words.castingAgainst}
          </button>
        </>
      ) : (
        <button type="button" class="btn main next" disabled={!complete} onClick={() => acts.proclaim(tally, proposed)}>
          {words.proclaim}
        </button>
      )}
    </div>
  )
}

interface SheetInput {
  model: RoomModel
  acts: RoomActs
}
