import type { JSX } from 'preact'
import type { Council } from '../../storage/model/council.ts'
import { mayPublish } from '../../storage/model/law/publicity.ts'
import type { SessionStage } from '../../storage/model/session.ts'
import type { SessionSummary } from '../../storage/records/sessions.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, type Tone } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { TableWays } from '../prepare/table-ways.tsx'
import type { Staff, Visitor } from '../visitor.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { prepareSessionWords } from '../words/prepare-words.ts'
import { accessWords, chamberWords, microphonesWords, recordersWords, signInWords, vocabularyWords } from '../words/staff-words.ts'
import { importWords } from '../words/words.ts'
import { signInStyle } from './sign-in-page.tsx'

const inTheRoom: readonly SessionStage[] = ['prepared', 'recording']

/** What lies on the table of a person of the staff: the plenaries, each with the one thing that comes next. */
export function TablePage({ pages, visitor, council, staff, sessions, closed, setUp }: TablePageProps): JSX.Element {
  const words = signInWords[visitor.language]
  const timeZone = setUp.timeZone
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={council}
      title={`${words.tableTitle} · ${council.name}`}
      style={signInStyle}
      indexed={false}
    >
      <div class="stack">
        <div class="row wrap">
          <h1 class="grow">{words.tableTitle}</h1>
          <span class="muted">{words.signedInAs(staff.name, words.roles[staff.role])}</span>
          <form method="post" action={visitor.href(`/c/${council.slug}/sair`)}>
            <button class="btn" type="submit">
              {words.leave}
            </button>
          </form>
        </div>
        <AccessWays visitor={visitor} council={council} role={staff.role} />
        {staff.role === 'secretary' ? (
          <TableWays visitor={visitor} listed={council} council={setUp} sessions={sessions.map((one) => one.session)} nowMs={Date.now()} />
        ) : null}
        <h2>{words.sessions}</h2>
        {sessions.length === 0 ? <p class="muted">{words.noSessions}</p> : null}
        <ul class="sessions">
          {sessions.map((one) => (
            <SessionRow
              key={one.session.id}
              summary={one}
              closed={closed.has(one.session.id)}
              visitor={visitor}
              council={council}
              role={staff.role}
              timeZone={timeZone}
            />
          ))}
        </ul>
      </div>
    </Shell>
  )
}

/** Who and what comes in here: each role its own ways. */
function AccessWays({ visitor, council, role }: Pick<RowProps, 'visitor' | 'council' | 'role'>): JSX.Element {
  const words = accessWords[visitor.language]
  const ways: [path: string, title: string, roles: Staff['role'][]][] = [
    ['gravadoras', recordersWords[visitor.language].title, ['secretary', 'technician']],
    ['sala-na-rede', chamberWords[visitor.language].trustTitle, ['secretary', 'technician']],
    ['microfonos', microphonesWords[visitor.language].title, ['secretary', 'technician']],
    ['importar', importWords[visitor.language].toImport, ['secretary', 'technician']],
    ['vocabulario', vocabularyWords[visitor.language].title, ['secretary']],
    ['tabletas', words.tabletsTitle, ['secretary']],
    ['substitucions', words.substitutesTitle, ['secretary', 'mayor']],
    ['conta', words.accountTitle, ['secretary', 'mayor', 'member', 'technician', 'provincial']],
  ]
  const open = ways.filter(([, , roles]) => roles.includes(role))
  return (
    <p class="row wrap ways">
      {open.map(([path, title]) => (
        <a key={path} href={visitor.href(`/c/${council.slug}/${path}`)}>
          {title}
        </a>
      ))}
    </p>
  )
}

function SessionRow({ summary, closed, visitor, council, role, timeZone }: RowProps): JSX.Element {
  const words = signInWords[visitor.language]
  const { session, stage } = summary
  const date = longDate(session.convenedFor, visitor.language, timeZone)
  const acta = role === 'secretary' && stage === 'draft' ? words.reviewActa : words.openActa
  // Nobody conducts what was held already.
  const arriving = session.imported === true && inTheRoom.includes(stage)
  const ruling = mayPublish(session)
  const room = inTheRoom.includes(stage) && role === 'secretary'
  return (
    <li class="card">
      <div class="grow">
        <p class="deed">
          {words.kinds[session.kind]} · {date}
        </p>
        <p class="small muted num">
          {clockTime(session.convenedFor, timeZone)}
          {session.imported ? ` · ${importWords[visitor.language].badge}` : ''}
        </p>
        {ruling.allowed || inTheRoom.includes(stage) ? null : (
          <p class="small muted">
            {ruling.reason[visitor.language]} ({ruling.article})
          </p>
        )}
      </div>
      {arriving ? <Chip>{importWords[visitor.language].arriving}</Chip> : <Chip tone={toneOf(stage)}>{words.stages[stage]}</Chip>}
      {role === 'secretary' && (stage === 'kept' || stage === 'published') && (ruling.allowed || stage === 'published') ? (
        <form method="post" action={visitor.href(`/c/${council.slug}/mesa`)}>
          <input type="hidden" name="session" value={session.slug} />
          <button class={stage === 'kept' ? 'btn main' : 'btn'} type="submit" name="act" value={stage === 'kept' ? 'publish' : 'withdraw'}>
            {stage === 'kept' ? words.publish : words.withdraw}
            <span class="hidden-text"> · {date}</span>
          </button>
        </form>
      ) : null}
      {stage === 'prepared' && role !== 'technician' && !arriving ? (
        <PrepareWay session={session} visitor={visitor} council={council} role={role} date={date} />
      ) : null}
      {closed ? (
        <a class="btn" href={visitor.href(`/c/${council.slug}/pechadas/${session.slug}`)}>
          {words.closedParts}
          <span class="hidden-text"> · {date}</span>
        </a>
      ) : null}
      {arriving ? (
        <a class="btn" href={visitor.href(`/c/${council.slug}/importar`)}>
          {importWords[visitor.language].follow}
          <span class="hidden-text"> · {date}</span>
        </a>
      ) : room ? (
        <a class="btn main" href={visitor.href(`/c/${council.slug}/sala/${session.slug}`)}>
          {words.openRoom}
          <span class="hidden-text"> · {date}</span>
        </a>
      ) : stage === 'prepared' ? null : (
        <a class={stage === 'draft' ? 'btn main' : 'btn'} href={visitor.href(`/c/${council.slug}/editor/${session.slug}`)}>
          {acta}
          <span class="hidden-text"> · {date}</span>
        </a>
      )}
    </li>
  )
}

/** The secretary prepares a session that has not begun; the others read its convocation. */
function PrepareWay({ session, visitor, council, role, date }: Pick<RowProps, 'visitor' | 'council' | 'role'> & WayProps): JSX.Element {
  const words = prepareSessionWords[visitor.language]
  const secretary = role === 'secretary'
  return (
    <a class="btn" href={visitor.href(`/c/${council.slug}/${secretary ? 'preparar' : 'convocatoria'}/${session.slug}`)}>
      {secretary ? words.toSession : words.openConvocation}
      <span class="hidden-text"> · {date}</span>
    </a>
  )
}

function toneOf(stage: SessionStage): Tone {
  if (stage === 'recording') return 'bad'
  if (stage === 'draft' || stage === 'frozen') return 'warn'
  return stage === 'published' || stage === 'kept' ? 'good' : 'plain'
}

interface TablePageProps {
  pages: Pages
  visitor: Visitor
  council: ListedCouncil
  staff: Staff
  sessions: SessionSummary[]
  /** Ids of the sessions in which a part was closed. */
  closed: ReadonlySet<string>
  setUp: Council
}

interface WayProps {
  session: SessionSummary['session']
  date: string
}

interface RowProps {
  summary: SessionSummary
  closed: boolean
  visitor: Visitor
  council: ListedCouncil
  role: Staff['role']
  timeZone: string
}
