import type { JSX } from 'preact'
import { type Council, fullName } from '../../storage/model/council.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { AreaField } from '../prepare/fields.tsx'
import type { Visitor } from '../visitor.ts'
import { vocabularyWords } from '../words/staff-words.ts'

export interface VocabularyPageProps {
  pages: Pages
  visitor: Visitor
  listed: ListedCouncil
  council: Council
  /** What a person wrote, when it could not be kept. */
  written?: string | undefined
  said?: 'saved' | 'conflict' | 'tooMany' | undefined
}

/** The council's own words, and those that are known without being written. */
export function VocabularyPage({ pages, visitor, listed, council, written, said }: VocabularyPageProps): JSX.Element {
  const words = vocabularyWords[visitor.language]
  const kept = council.vocabulary.join('\n')
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={listed}
      title={`${words.title} · ${listed.name}`}
      style="web/prepare/page/prepare.css"
      indexed={false}
    >
      <div class="stack">
        <p>
          <a href={visitor.href(`/c/${listed.slug}/mesa`)}>‹ {words.back}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
        {said === undefined ? null : (
          <div role={said === 'saved' ? 'status' : 'alert'}>
            <Strip tone={said === 'saved' ? 'good' : 'warn'} icon={said === 'saved' ? 'check' : 'alert'}>
              {words[said]}
            </Strip>
          </div>
        )}
        <form class="card pad stack" method="post" action={visitor.href(`/c/${listed.slug}/vocabulario`)}>
          <input type="hidden" name="seen" value={seenOf(council.vocabulary)} />
          <AreaField name="vocabulary" label={words.own} hint={words.ownHint} values={{ vocabulary: written ?? kept }} rows={12} />
          {said === 'conflict' ? (
            <div>
              <p class="deed">{words.theirs}</p>
              <p class="small">{council.vocabulary.join(' · ')}</p>
            </div>
          ) : null}
          <p>
            <button class="btn main" type="submit">
              {words.save}
            </button>
          </p>
        </form>
        <h2>{words.known}</h2>
        <p class="small">
          {words.people}: {council.members.map(fullName).join(', ')}.
        </p>
        {council.groups.length === 0 ? null : (
          <p class="small">
            {words.groups}: {council.groups.map((one) => one.name).join(', ')}.
          </p>
        )}
        <p class="small">{words.agenda}</p>
      </div>
    </Shell>
  )
}
