import type { JSX } from 'preact'
import { deFacto } from '../../../storage/model/session-rules.ts'
import { proposedOutcome, type Tally } from '../../../storage/model/vote-rules.ts'
import type { VoteState } from '../../../storage/model/vote-state.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import type { Senses } from '../vote-marks.ts'

interface ProclaimProps {
  vote: VoteState
  counted: { tally: Tally; senses: Senses }
  missing: number
  model: RoomModel
  acts: RoomActs
}

/** The software proposes what the counts give; the presidency's proclamation is what is marked. */
export function Proclaim({ vote, counted, missing, model, acts }: ProclaimProps): JSX.Element {
  const { tally } = counted
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
          <button type="button" class="btn main next" onClick={() => acts.proclaim(counted, 'approved', 'favour')}>
            {words.castingFavour}
          </button>
          <button type="button" class="btn main next" onClick={() => acts.proclaim(counted, 'rejected', 'against')}>
            {words.castingAgainst}
          </button>
        </>
      ) : (
        <button type="button" class="btn main next" disabled={!complete} onClick={() => acts.proclaim(counted, proposed)}>
          {words.proclaim}
        </button>
      )}
    </div>
  )
}
