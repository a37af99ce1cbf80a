import type { JSX } from 'preact'
import { mediaClock } from '../words/dates.ts'
import type { PageContext } from './page-context.ts'
import { type Section, type SessionView, sectionPath } from './session-view.ts'
import { decidingVote, shortResult } from './vote-sentence.ts'

interface AgendaProps extends PageContext {
  view: SessionView
  sections: Section[]
  current: number
}

/** The agenda to jump in: each item with its result and its place in the recording. */
export function AgendaList({ view, sections, current, words, visitor }: AgendaProps): JSX.Element {
  return (
    <nav class="card agenda" aria-labelledby="agenda-heading" id="orde-do-dia">
      <h2 id="agenda-heading">{words.agendaHeading}</h2>
      <ol>
        {sections.map((section) => (
          <li key={section.number}>
            <a
              href={visitor.href(sectionPath(view, section.number))}
              aria-current={section.number === current ? 'true' : undefined}
              data-section={section.number}
              data-from={section.fromMs}
            >
              <b class="num" aria-hidden={section.number === 0 ? 'true' : undefined}>
                {section.number === 0 ? '·' : section.number}
              </b>
              <span>
                {section.item ? section.item.item.title[visitor.language] : words.opening}
                {section.item ? <span class="result small">{resultOf(section, words)}</span> : null}
              </span>
              <span class="num at">{section.fromMs === undefined ? '' : mediaClock(section.fromMs)}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** What became of an item, in a few words. */
export function resultOf(section: Section, words: PageContext['words']): string {
  const vote = decidingVote(section.votes)
  if (section.item?.status === 'withdrawn') return words.withdrawn
  if (section.item?.status === 'postponed') return words.postponed
  if (vote) return shortResult(vote, words)
  return section.item?.status === 'pending' ? words.notTreated : words.noVote
}
