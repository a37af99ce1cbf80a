import type { JSX } from 'preact'
import { Shell } from '../design/page-shell.tsx'
import type { PageContext } from './page-context.ts'
import { SectionText } from './section-text.tsx'
import { sessionTitle } from './session-page.tsx'
import { type SessionView, sectionPath, sectionsOf } from './session-view.ts'

/** Everything that was said, on one page: for reading, searching and printing. */
export function wholeTextPage(props: PageContext & { view: SessionView }): JSX.Element {
  const { view, words, visitor } = props
  const title = sessionTitle(view, props)
  return (
    <Shell
      {...props}
      title={words.wholeTextTitle(title)}
      council={{ name: view.council.name, slug: view.councilSlug, demo: view.council.demo }}
      indexed={view.publishedAtMs !== null}
      narrow
    >
      <div class="stack">
        <p class="small">
          <a href={visitor.href(sectionPath(view, 0))}>{title}</a>
        </p>
        <h1>{words.textHeading}</h1>
        <p class="note">{view.acta ? words.textNote : words.textNoteUnsigned}</p>
        {sectionsOf(view, words)
          .filter((section) => section.turns.length > 0)
          .map((section) => (
            <SectionText
              key={section.number}
              {...props}
              section={section}
              heading={section.item ? `${section.number}. ${section.item.item.title[visitor.language]}` : words.opening}
            />
          ))}
      </div>
    </Shell>
  )
}
