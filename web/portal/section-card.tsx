import type { JSX } from 'preact'
import { fullName, type Member } from '../../storage/model/council.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import { SenseMark, VoteBar } from '../design/vote.tsx'
import { list, mediaClock } from '../words/dates.ts'
import { resultOf } from './agenda-list.tsx'
import type { PageContext } from './page-context.ts'
import { memberById, type Section, type SessionView } from './session-view.ts'
import { outcomeWord, tallySentence } from './vote-sentence.ts'

interface CardProps extends PageContext {
  view: SessionView
  section: Section
}

/** One agenda item: what was decided, in words, as a bar and by member. */
export function SectionCard(props: CardProps): JSX.Element {
  const { section, words, visitor } = props
  if (!section.item) return <OpeningCard {...props} />
  const { item } = section.item
  const proposal = item.proposal?.[visitor.language]
  return (
    <section class="card result" aria-labelledby="section-heading">
      <p class="small muted num">{placeOf(section, words)}</p>
      <h2 id="section-heading">{item.title[visitor.language]}</h2>
      {section.votes.length === 0 ? <p>{resultOf(section, words)}</p> : null}
      {section.votes.map((vote) => (
        <VoteResult key={vote.vote} {...props} vote={vote} />
      ))}
      {proposal ? (
        <details>
          <summary>{words.proposalHeading}</summary>
          <p class="deed">{proposal}</p>
        </details>
      ) : null}
    </section>
  )
}

function placeOf(section: Section, words: PageContext['words']): string {
  if (section.fromMs === undefined) return words.itemNumber(section.number)
  return words.itemPlace(section.number, mediaClock(section.fromMs), mediaClock(section.toMs ?? section.fromMs))
}

function VoteResult({ vote, view, words, visitor, section }: CardProps & { vote: VoteState }): JSX.Element {
  const several = section.votes.length > 1 || vote.purpose !== 'main'
  return (
    <div class="vote">
      {several ? (
        <h3>
          {words.purpose[vote.purpose]}
          {vote.round === 2 ? ` · ${words.secondRound}` : ''}
        </h3>
      ) : null}
      <p>
        <b>{outcomeWord(vote, words)}:</b> {tallySentence(vote, words, visitor.language)}.{vote.casting ? ` ${words.casting}` : ''}
      </p>
      {vote.tally ? <VoteBar tally={vote.tally} language={visitor.language} /> : null}
      {vote.kind === 'secret' ? (
        <p class="small">{words.secretVote}</p>
      ) : (
        <BallotTable vote={vote} view={view} words={words} visitor={visitor} />
      )}
    </div>
  )
}

function BallotTable({
  vote,
  view,
  words,
  visitor,
}: Pick<CardProps, 'view' | 'words' | 'visitor'> & { vote: VoteState }): JSX.Element | null {
  if (Object.keys(vote.ballots).length === 0) return null
  const voters = vote.voters.flatMap((id) => memberById(id, view.council) ?? [])
  return (
    <details>
      <summary>{words.howEachVoted}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.member}</th>
            <th scope="col">{words.group}</th>
            <th scope="col">{words.ballot}</th>
          </tr>
        </thead>
        <tbody>
          {voters.map((member) => {
            const sense = vote.ballots[member.id]
            return (
              <tr key={member.id}>
                <th scope="row">{fullName(member)}</th>
                <td>{groupOf(member, view)}</td>
                <td>{sense ? <SenseMark sense={sense} language={visitor.language} /> : words.didNotVote}</td>
              </tr>
            )
          })}
          {vote.absent
            .flatMap((id) => memberById(id, view.council) ?? [])
            .map((member) => (
              <tr key={member.id}>
                <th scope="row">{fullName(member)}</th>
                <td>{groupOf(member, view)}</td>
                <td>
                  <SenseMark sense="abstain" language={visitor.language} /> {words.byAbsence}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  )
}

function groupOf(member: Member, { council }: SessionView): JSX.Element | null {
  const group = council.groups.find((one) => one.id === member.group)
  return group ? <abbr title={group.name}>{group.short}</abbr> : null
}

/** Who presided and who came. */
function OpeningCard({ view, section, words, visitor }: CardProps): JSX.Element {
  const { state, council } = view
  const legal = council.members.filter((one) => one.legal)
  const came = legal.filter((one) => state.moves.some((move) => move.member === one.id && move.to === 'present'))
  const presiding = state.offices.flatMap((one) => {
    const who = one.role === 'presidency' ? memberById(one.person, council) : undefined
    return who ? [`${fullName(who)} (${one.capacity})`] : []
  })
  return (
    <section class="card result" aria-labelledby="section-heading">
      {section.fromMs === undefined ? null : (
        <p class="small muted num">{words.openingPlace(mediaClock(section.fromMs), mediaClock(section.toMs ?? section.fromMs))}</p>
      )}
      <h2 id="section-heading">{words.opening}</h2>
      <p>
        {presiding.length > 0 ? `${words.presiding(list([...new Set(presiding)], visitor.language))} ` : ''}
        {words.present(came.length, council.legalNumber)}
      </p>
      <details>
        <summary>{words.whoWasThere}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.member}</th>
              <th scope="col">{words.status}</th>
            </tr>
          </thead>
          <tbody>
            {legal.map((member) => (
              <tr key={member.id}>
                <th scope="row">{fullName(member)}</th>
                <td>{words.attendance[state.attendance[member.id] ?? 'absent']}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}
