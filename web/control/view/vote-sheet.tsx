import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type Tally, tallyOf } from '../../../storage/model/vote-rules.ts'
import type { VoteState } from '../../../storage/model/vote-state.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { openVote, surnames } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import type { Senses } from '../vote-marks.ts'
import { Proclaim } from './proclaim.tsx'
import { RollCall } from './roll-call.tsx'
import { Sheet } from './sheet.tsx'
import { Counts, Unanimity } from './vote-counts.tsx'
import { ByGroups, ByPeople } from './vote-people.tsx'

const nothing: Tally = { favour: 0, against: 0, abstain: 0 }
const ways = ['together', 'groups', 'people'] as const
type Way = (typeof ways)[number]

/** The open vote: unanimity in one tap, or counted; nothing counts until the presidency's word is marked with «Proclamar» (R29). */
export function VoteSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const vote = openVote(model.state)
  // A vote that is opened anew begins from nothing.
  return vote ? <OpenVote key={vote.vote} vote={vote} model={model} acts={acts} /> : null
}

function OpenVote({ vote, model, acts }: { vote: VoteState; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const [way, setWay] = useState<Way>('together')
  const [counts, setCounts] = useState<Tally>(nothing)
  const [senses, setSenses] = useState<Senses>({})
  const item = state.items.find((one) => one.item.id === vote.item)?.item
  const voters = vote.voters.length
  const nominal = vote.kind === 'nominal'
  const byPeople = nominal || way !== 'together'
  const known: Senses = nominal ? vote.ballots : senses
  const tally = byPeople ? tallyOf(vote.voters.flatMap((one) => known[one] ?? [])) : counts
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
      <LeftOut vote={vote} model={model} />
      {vote.kind === 'ordinary' ? (
        <fieldset class="choices row3">
          <legend class="hidden-text">{conduct.waysTitle}</legend>
          {ways.map((one) => (
            <button key={one} type="button" class="btn choice" aria-pressed={way === one} onClick={() => setWay(one)}>
              {conduct.ways[one]}
            </button>
          ))}
        </fieldset>
      ) : null}
      {vote.kind === 'secret' ? <p>{conduct.secretHelp}</p> : null}
      {nominal ? (
        <RollCall vote={vote} model={model} acts={acts} />
      ) : way === 'groups' && byPeople ? (
        <ByGroups vote={vote} model={model} senses={senses} setSenses={setSenses} />
      ) : byPeople ? (
        <ByPeople vote={vote} model={model} senses={senses} setSenses={setSenses} />
      ) : (
        <>
          {vote.kind === 'ordinary' ? (
            <>
              <Unanimity voters={voters} tally={tally} setTally={setCounts} language={seed.language} />
              <p class="or">{words.orCount}</p>
            </>
          ) : null}
          <Counts tally={tally} missing={missing} setTally={setCounts} language={seed.language} />
        </>
      )}
      <Proclaim vote={vote} counted={{ tally, senses: byPeople ? known : {} }} missing={missing} model={model} acts={acts} />
      {vote.purpose === 'main' ? <Kinds vote={vote} model={model} acts={acts} /> : null}
      <button type="button" class="btn quiet" onClick={() => acts.cancelVote()}>
        {words.cancelVote}
      </button>
    </Sheet>
  )
}

/** Who is in the room and does not vote, and who left it and counts all the same (R20, R24). */
function LeftOut({ vote, model }: { vote: VoteState; model: RoomModel }): JSX.Element | null {
  const { seed, state } = model
  const conduct = conductWords[seed.language]
  const bound = new Set(state.abstaining.filter((one) => one.item === vote.item).map((one) => one.member))
  const out = seed.council.members.filter((one) => one.legal && bound.has(one.id) && !vote.voters.includes(one.id)).map((one) => one.id)
  if (out.length === 0 && vote.absent.length === 0) return null
  return (
    <p class="left-out">
      {out.length > 0 ? <span>{conduct.leftOut(surnames(out, seed.council))}</span> : null}
      {vote.absent.length > 0 ? <span>{conduct.countedAbstention(surnames(vote.absent, seed.council))}</span> : null}
    </p>
  )
}

/** Ordinary, nominal or secret; what has to be agreed first is one tap away (R22; ROF 101-102). */
function Kinds({ vote, model, acts }: { vote: VoteState; model: RoomModel; acts: RoomActs }): JSX.Element {
  const conduct = conductWords[model.seed.language]
  const nominalAgreed = model.state.votes.some(
    (one) => one.item === vote.item && one.purpose === 'nominal-request' && one.outcome === 'approved',
  )
  return (
    <fieldset class="choices row3 kinds">
      <legend>{conduct.kindsTitle}</legend>
      <button type="button" class="btn choice" aria-pressed={vote.kind === 'ordinary'} onClick={() => acts.reopenVote('main', 'ordinary')}>
        {conduct.kinds.ordinary}
      </button>
      {nominalAgreed || vote.kind === 'nominal' ? (
        <button type="button" class="btn choice" aria-pressed={vote.kind === 'nominal'} onClick={() => acts.reopenVote('main', 'nominal')}>
          {conduct.kinds.nominal}
        </button>
      ) : (
        <button type="button" class="btn choice" onClick={() => acts.reopenVote('nominal-request', 'ordinary')}>
          {conduct.askNominal}
        </button>
      )}
      <button type="button" class="btn choice" aria-pressed={vote.kind === 'secret'} onClick={() => acts.reopenVote('main', 'secret')}>
        {conduct.kinds.secret}
      </button>
    </fieldset>
  )
}
