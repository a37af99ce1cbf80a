import type { JSX } from 'preact'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Strip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import type { Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import { microphonesWords, signInWords } from '../words/staff-words.ts'
import type { BatchTaken } from './microphones.ts'

export interface SessionFilePageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  timeZone: string
  session: Session
  stage: SessionStage
  /** Events that files told of this session so far. */
  brought: number
  /** What became of the file that was just brought; `missing` when none was chosen. */
  report: BatchTaken | 'missing' | undefined
}

const beforeTranscript: readonly SessionStage[] = ['prepared', 'recording', 'recorded', 'closed']
const shownLines = 20

/** Brings the file of a session's microphones, and tells what was taken of it and what not. */
export function SessionFilePage(props: SessionFilePageProps): JSX.Element {
  const { pages, visitor, council, session, stage, brought, report, timeZone } = props
  const words = microphonesWords[visitor.language]
  const up = visitor.href(`/c/${council.slug}/microfonos`)
  const title = words.sessionTitle
  return (
    <Shell pages={pages} visitor={visitor} council={council} title={`${title} · ${council.name}`} style={signInStyle} indexed={false}>
      <div class="stack">
        <p>
          <a href={up}>‹ {words.backToSystems}</a>
        </p>
        <h1>{title}</h1>
        <p class="deed">
          {signInWords[visitor.language].kinds[session.kind]} · {longDate(session.convenedFor, visitor.language, timeZone)}
        </p>
        {report === undefined || report === 'missing' ? null : <Report report={report} words={words} />}
        <p class="muted">{words.sessionKnown(brought)}</p>
        {beforeTranscript.includes(stage) ? null : <p>{words.alreadyTranscribed}</p>}
        <form class="card pad stack" method="post" encType="multipart/form-data" action={`${up}/${session.slug}`}>
          <label class="stack tight">
            <span>{words.file}</span>
            <input
              class="field"
              type="file"
              name="file"
              required
              accept=".jsonl,.ndjson,.json,.txt,application/json,application/x-ndjson,text/plain"
              aria-describedby="file-hint"
              {...(report === 'missing' ? { 'aria-invalid': 'true' } : {})}
            />
          </label>
          {report === 'missing' ? <p role="alert">{words.fileMissing}</p> : null}
          <p class="small muted" id="file-hint">
            {words.fileHint}
          </p>
          <div>
            <button class="btn main" type="submit">
              {words.bring}
            </button>
          </div>
        </form>
      </div>
    </Shell>
  )
}

function Report({ report, words }: { report: BatchTaken; words: (typeof microphonesWords)['gl'] }): JSX.Element {
  const { taken, known, refused } = report
  const more = refused.length - shownLines
  return (
    <div role="status" class="stack">
      <Strip tone={refused.length === 0 ? 'good' : 'warn'} icon={refused.length === 0 ? 'check' : 'alert'}>
        {words.taken(taken, known)}
      </Strip>
      {refused.length === 0 ? null : (
        <>
          <p>{words.refused(refused.length)}</p>
          <ul>
            {refused.slice(0, shownLines).map(({ line, problem }) => (
              <li key={line}>{words.line(line, words.problems[problem])}</li>
            ))}
          </ul>
          {more > 0 ? <p>{words.refusedMore(more)}</p> : null}
        </>
      )}
    </div>
  )
}
