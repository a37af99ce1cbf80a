import type { JSX } from 'preact'
import { ordinaryDue } from '../../storage/model/convocation.ts'
import { type Council, holderOf } from '../../storage/model/council.ts'
import { wallTime } from '../../storage/model/council-clock.ts'
import type { Session } from '../../storage/model/session.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip, Strip } from '../design/chip.tsx'
import type { Visitor } from '../visitor.ts'
import { prepareCouncilWords, prepareSessionWords } from '../words/prepare-words.ts'
import { dayWords } from './council-view.ts'

export interface TableWaysProps {
  visitor: Visitor
  listed: ListedCouncil
  council: Council
  sessions: readonly Session[]
  nowMs: number
}

/** The secretary's ways from the table to what is prepared before a session, and what is due. */
export function TableWays(props: TableWaysProps): JSX.Element {
  const { visitor, listed, council, sessions, nowMs } = props
  const words = prepareSessionWords[visitor.language]
  const due = ordinaryDue(council, sessions, wallTime(nowMs, council.timeZone).day)
  return (
    <>
      {due ? (
        <div data-reminder="R9">
          <Strip tone="warn" icon="clock">
            {words.ordinaryDue(dayWords(due.before, visitor), dayWords(due.dueBy, visitor))}
          </Strip>
        </div>
      ) : null}
      <div class="row wrap">
        <a class="btn main" href={visitor.href(`/c/${listed.slug}/preparar`)}>
          {words.toNew}
        </a>
        <a class="btn" href={visitor.href(`/c/${listed.slug}/concello`)}>
          {words.toCouncil}
        </a>
      </div>
      {isReady(props) ? null : <FirstSteps {...props} />}
    </>
  )
}

/** What a new council does first, in the order in which it is needed. */
function FirstSteps({ visitor, listed, council, sessions, nowMs }: TableWaysProps): JSX.Element {
  const words = prepareCouncilWords[visitor.language]
  const today = wallTime(nowMs, council.timeZone).day
  const steps = [
    ['people', 'concello/membros', council.members.some((one) => one.legal)],
    ['mayor', 'concello/membros', holderOf(council, 'mayor', today) !== undefined],
    ['secretary', 'concello/membros', holderOf(council, 'secretary', today) !== undefined],
    ['norm', 'concello/datos', council.enablingNorm !== undefined],
    ['media', 'concello/medios', council.recipients.length > 0],
    ['session', 'preparar', sessions.length > 0],
  ] as const
  return (
    <section class="card pad stack">
      <h2>{words.firstSteps}</h2>
      <p class="muted">{words.firstStepsLead}</p>
      <ol class="steps">
        {steps.map(([step, path, done]) => (
          <li key={step}>
            <a href={visitor.href(`/c/${listed.slug}/${path}`)}>{words.steps[step]}</a>{' '}
            <Chip tone={done ? 'good' : 'plain'} {...(done ? { icon: 'check' as const } : {})}>
              {done ? words.stepDone : words.stepTodo}
            </Chip>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** A council that has its offices and a session knows the way. */
function isReady({ council, sessions, nowMs }: TableWaysProps): boolean {
  const today = wallTime(nowMs, council.timeZone).day
  const held = (['mayor', 'secretary'] as const).every((office) => holderOf(council, office, today) !== undefined)
  return held && sessions.length > 0
}
