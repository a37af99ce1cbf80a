import { type Convocation, type ConvocationFinding, checkConvocation, sessionDay } from '../../storage/model/convocation.ts'
import type { Council } from '../../storage/model/council.ts'
import { wallTime } from '../../storage/model/council-clock.ts'
import type { Session } from '../../storage/model/session.ts'
import { readBook } from '../../storage/records/book.ts'
import { readConvocation } from '../../storage/records/convocations.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { readEvents } from '../../storage/records/session-events.ts'
import { listSessions, type SessionSummary } from '../../storage/records/sessions.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { PageNotFoundError } from '../error-response.ts'
import type { Pages } from '../pages.ts'
import type { Staff, Visitor } from '../visitor.ts'
import type { PrepareSessionWords } from '../words/prepare-session-gl.ts'
import type { Returned } from './form-state.ts'
import type { Surroundings } from './session-acts.ts'

/** A session in preparation and what it is judged beside. */
export interface SessionSetUp {
  council: Council
  session: Session
  summary: SessionSummary
  others: SessionSummary[]
  issued: Convocation | undefined
  findings: ConvocationFinding[]
  /** Nothing of it has happened yet, so it may be changed. */
  open: boolean
}

/** What every page of the room shows around its own part. */
export interface PrepareView {
  pages: Pages
  visitor: Visitor
  staff: Staff
  listed: ListedCouncil
  words: PrepareSessionWords
  returned: Returned | undefined
}

/** Reads a session with all that its checks need. @throws PageNotFoundError */
export async function readSetUp(tx: Tx, slug: string, nowMs: number): Promise<SessionSetUp> {
  const council = await readCouncil(tx)
  const summaries = await listSessions(tx)
  const summary = summaries.find((one) => one.session.slug === slug)
  if (!council || !summary) throw new PageNotFoundError()
  const { session } = summary
  const others = summaries.filter((one) => one !== summary)
  const issued = await readConvocation(tx, session.id)
  const open = summary.stage === 'prepared' && (await readEvents(tx, session.id)).length === 0
  const findings = checkConvocation({
    council,
    session,
    convenedOn: wallTime(issued?.issuedAtMs ?? nowMs, council.timeZone).day,
    issued,
    others: others.map((one) => one.session),
    waitingActas: waitingActas(others, session).map((one) => one.session.id),
  })
  return { council, session, summary, others, issued, findings, open }
}

/** Sessions held before this one whose acta is drafted and not approved yet, the latest first. */
export function waitingActas(others: readonly SessionSummary[], of: Session): SessionSummary[] {
  return others
    .filter((one) => (one.stage === 'draft' || one.stage === 'transcribed') && one.session.convenedFor < of.convenedFor)
    .sort((one, other) => other.session.convenedFor - one.session.convenedFor)
}

/** What the forms of sessions are judged beside. */
export async function readSurroundings(tx: Tx, words: PrepareSessionWords, except?: string): Promise<Surroundings> {
  const council = await readCouncil(tx)
  if (!council) throw new PageNotFoundError()
  const others = (await listSessions(tx)).map((one) => one.session).filter((one) => one.id !== except)
  const years = [...new Set(others.map((one) => sessionDay(one, council).slice(0, 4)))]
  const books = new Map<string, number[]>()
  for (const year of years) {
    const own = new Set(except === undefined ? [] : [except])
    books.set(
      year,
      (await readBook(tx, Number(year))).filter((one) => !own.has(one.session)).map((one) => one.number),
    )
  }
  return { council, others, words, bound: (year) => books.get(year) ?? [] }
}

/** Address of a page of a session's preparation. */
export function setUpHref(view: Pick<PrepareView, 'visitor' | 'listed'>, slug: string, rest = ''): string {
  return view.visitor.href(`/c/${view.listed.slug}/preparar/${slug}${rest}`)
}
