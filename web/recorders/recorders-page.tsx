import type { JSX } from 'preact'
import type { RecorderId } from '../../storage/model/ids.ts'
import { gradeOf, type Rehearsal } from '../../storage/model/rehearsal.ts'
import type { Reconciliation } from '../../storage/records/reconciliations.ts'
import type { EnrolledRecorder } from '../../storage/records/recorders.ts'
import type { KeptSpoolReport } from '../../storage/records/spool-reports.ts'
import type { AgentView } from '../agent/agents.ts'
import type { WaitedFor } from '../agent/give-up.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { signInStyle } from '../sign-in/sign-in-page.tsx'
import type { Visitor } from '../visitor.ts'
import { clockTime, fileSize, longDate } from '../words/dates.ts'
import { rehearsalSentence, rehearsalSummary, rehearsalWords } from '../words/rehearsal-words.ts'
import { differencesWords, recordersWords } from '../words/staff-words.ts'

export interface RecordersPageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  timeZone: string
  recorders: EnrolledRecorder[]
  agents: AgentView[]
  waited: WaitedFor[]
  spools: KeptSpoolReport[]
  reconciliation?: Reconciliation | undefined
  rehearsals: { recorder: RecorderId; rehearsal: Rehearsal }[]
  /** Just made; shown once and kept nowhere. */
  code?: { code: string; minutes: number; server: string } | undefined
}

/** The machines that may record for a council: which of them are there, how one more joins, how one is taken out. */
export function RecordersPage(props: RecordersPageProps): JSX.Element {
  const { pages, visitor, council, recorders, code } = props
  const words = recordersWords[visitor.language]
  const here = visitor.href(`/c/${council.slug}/gravadoras`)
  const inUse = recorders.filter((one) => one.revokedAtMs === undefined)
  return (
    <Shell pages={pages} visitor={visitor} council={council} title={`${words.title} · ${council.name}`} style={signInStyle} indexed={false}>
      <div class="stack">
        <h1>{words.title}</h1>
        <p class="muted">{words.intro}</p>
        {code ? <NewCode {...props} code={code} /> : null}
        {props.waited.length > 0 ? <Waited {...props} here={here} /> : null}
        {recorders.length === 0 ? <p class="muted">{words.none}</p> : null}
        <ul class="sessions">
          {recorders.map((one) => (
            <RecorderRow key={one.id} {...props} recorder={one} here={here} />
          ))}
        </ul>
        <p class="small muted">
          {words.revokeHint} {words.keepingRule}
        </p>
        <form method="post" action={here}>
          <button class={code ? 'btn' : 'btn main'} type="submit" name="act" value="code">
            {words.newCode}
          </button>
        </form>
        <h2>{rehearsalWords[visitor.language].title}</h2>

        {inUse.map((one) => (
          <LastRehearsal key={one.id} {...props} recorder={one} />
        ))}
        <h2>{words.reconciliation}</h2>
        <LastReconciliation {...props} />
        <p>
          <a href={visitor.href(`/c/${council.slug}/mesa`)}>{words.back}</a>
        </p>
      </div>
    </Shell>
  )
}

function NewCode({ visitor, code }: RecordersPageProps & { code: NonNullable<RecordersPageProps['code']> }): JSX.Element {
  const words = recordersWords[visitor.language]
  return (
    <section class="card stack enrolment" aria-labelledby="codigo" role="status">
      <h2 id="codigo">{words.codeTitle}</h2>
      <p class="code num">{code.code}</p>
      <p>{words.codeHint(code.minutes)}</p>
      <pre class="command">
        <code>
          npx escano record --enrol {code.code} --server {code.server} --source {visitor.language === 'es' ? 'ORIGEN' : 'ORIXE'}
        </code>
      </pre>
      <p class="small muted">{words.codeSource}</p>
    </section>
  )
}

/** Sessions that cannot be closed yet, and the way out when a machine will not come back. */
function Waited({ visitor, waited, timeZone, here }: RecordersPageProps & { here: string }): JSX.Element {
  const words = recordersWords[visitor.language]
  return (
    <section class="stack" aria-labelledby="agardan">
      <h2 id="agardan">{words.waitedTitle}</h2>
      {waited.map((one) => (
        <div key={`${one.session}${one.recorder}`} class="card stack pad">
          <p class="deed">{words.waitedFor(longDate(one.convenedFor, visitor.language, timeZone), one.name)}</p>
          <p>{words.waitedHow(one.undelivered)}</p>
          <details>
            <summary>{words.neverBack}</summary>
            <form method="post" action={here} class="stack">
              <input type="hidden" name="recorder" value={one.recorder} />
              <input type="hidden" name="session" value={one.session} />
              <p>{words.giveUpMeans(one.undelivered)}</p>
              <p>
                <button class="btn" type="submit" name="act" value="give-up">
                  {words.giveUp}
                  <span class="hidden-text"> · {one.name}</span>
                </button>
              </p>
            </form>
          </details>
        </div>
      ))}
    </section>
  )
}

function RecorderRow(props: RecordersPageProps & { recorder: EnrolledRecorder; here: string }): JSX.Element {
  const { visitor, recorder, agents, timeZone, here } = props
  const words = recordersWords[visitor.language]
  const agent = agents.find((one) => one.recorder === recorder.id)
  const { revokedAtMs } = recorder
  return (
    <li class="card">
      <div class="grow">
        <p class="deed">{recorder.name}</p>
        <p class="small muted">
          {revokedAtMs !== undefined
            ? words.revokedOn(longDate(revokedAtMs, visitor.language, timeZone))
            : agent?.connected && agent.proof?.state === 'recording'
              ? words.recordingNow
              : ''}
        </p>
        <Spool {...props} />
      </div>
      {revokedAtMs !== undefined ? (
        <Chip>{words.revoked}</Chip>
      ) : (
        <>
          <Chip tone={agent?.connected ? 'good' : 'plain'}>{agent?.connected ? words.connected : words.offline}</Chip>
          <form method="post" action={here}>
            <input type="hidden" name="recorder" value={recorder.id} />
            <button class="btn" type="submit" name="act" value="revoke">
              {words.revoke}
              <span class="hidden-text"> · {recorder.name}</span>
            </button>
          </form>
        </>
      )}
    </li>
  )
}

/** What to mend is said at once; what went well stands behind a word that opens it. */
function LastRehearsal({ visitor, recorder, rehearsals, timeZone }: RecordersPageProps & { recorder: EnrolledRecorder }): JSX.Element {
  const { language } = visitor
  const words = rehearsalWords[language]
  const rehearsal = rehearsals.find((one) => one.recorder === recorder.id)?.rehearsal
  if (rehearsal === undefined) {
    return (
      <p>
        <strong>{recorder.name}</strong>: {words.never}
      </p>
    )
  }
  const of = (grade: ReturnType<typeof gradeOf>) => rehearsal.findings.filter((one) => gradeOf(one) === grade)
  const when = `${longDate(rehearsal.atMs, language, timeZone)}, ${clockTime(rehearsal.atMs, timeZone)}`
  const [good, toDo] = [of('good'), [...of('bad'), ...of('look')]]
  return (
    <div class="stack">
      <p>
        {recorder.name}, {when}: <strong>{rehearsalSummary(rehearsal, language)}</strong>
      </p>
      {toDo.length === 0 ? null : (
        <ul>
          {toDo.map((one) => (
            <li key={`${one.code}${one.name ?? ''}`}>
              {gradeOf(one) === 'bad' ? <strong>{words.grades.bad}: </strong> : null}
              {rehearsalSentence(one, language)}
            </li>
          ))}
        </ul>
      )}
      {good.length === 0 ? null : (
        <details>
          <summary>{words.wentWell(good.length)}</summary>
          <ul>
            {good.map((one) => (
              <li key={`${one.code}${one.name ?? ''}`}>{rehearsalSentence(one, language)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** What a recorder last told of its disk: what it keeps, since when, and what it has still to deliver. */
function Spool({ visitor, recorder, spools, timeZone }: RecordersPageProps & { recorder: EnrolledRecorder }): JSX.Element | null {
  const words = recordersWords[visitor.language]
  const told = spools.find((one) => one.recorder === recorder.id)
  if (told === undefined) return null
  const sum = (of: (one: KeptSpoolReport['sessions'][number]) => number) => told.sessions.reduce((total, one) => total + of(one), 0)
  const [bytes, removed, waiting] = [sum((one) => one.bytes), sum((one) => one.removed), sum((one) => one.segments - one.confirmed)]
  const since = told.sessions.flatMap((one) => one.sinceMs ?? [])
  const day = (ms: number) => longDate(ms, visitor.language, timeZone)
  return (
    <p class="small muted">
      {since.length === 0 ? words.keepsNothing : words.keeps(fileSize(bytes, visitor.language), day(Math.min(...since)))}
      {waiting > 0 ? ` ${words.notDelivered(waiting)}` : ''}
      {removed > 0 ? ` ${words.removed}` : ''} {words.toldAt(`${day(told.receivedMs)}, ${clockTime(told.receivedMs, timeZone)}`)}
    </p>
  )
}

function LastReconciliation({ visitor, reconciliation, timeZone }: RecordersPageProps): JSX.Element {
  const words = recordersWords[visitor.language]
  if (reconciliation === undefined) return <p class="muted">{words.notYet}</p>
  const { atMs, sessions, segments, findings, findingsTotal } = reconciliation
  const when = `${longDate(atMs, visitor.language, timeZone)}, ${clockTime(atMs, timeZone)}`
  if (findingsTotal === 0) return <p>{words.reconciledOk(when, sessions, segments)}</p>
  return (
    <>
      <p class="deed">{words.reconciledBad(when, findingsTotal)}</p>
      <ul>
        {findings.slice(0, 20).map((one) => (
          <li key={`${one.code}${one.key}${one.recorder}${one.line}`}>
            {one.slug}: {differencesWords[visitor.language].codes[one.code](1).join(' ')}{' '}
            <span class="small muted num">
              ({one.line ?? one.key}; {one.detail})
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
