import type { JSX } from 'preact'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { commonWords, inLanguage } from '../words/words.ts'
import { Shell } from './page-shell.tsx'

/** What could not be done, in one sentence, and where to go on. */
export function errorPage(props: { pages: Pages; visitor: Visitor; title: string; sentence: string }): JSX.Element {
  const words = inLanguage(commonWords, props.visitor.language)
  const council = /^\/c\/([a-z0-9-]+)\//.exec(props.visitor.path)?.[1]
  return (
    <Shell pages={props.pages} visitor={props.visitor} title={props.title} narrow indexed={false}>
      <div class="stack message">
        <h1>{props.title}</h1>
        <p>{props.sentence}</p>
        <p>
          <a class="btn main" href={props.visitor.href(council ? `/c/${council}` : '/')}>
            {council ? words.toSessions : words.toHome}
          </a>
        </p>
        <p class="small muted">{words.requestId(props.visitor.requestId)}</p>
      </div>
    </Shell>
  )
}
