import type { JSX } from 'preact'
import type { ConvocationFinding } from '../../storage/model/convocation.ts'
import { Chip } from '../design/chip.tsx'
import type { IconName } from '../design/icon.tsx'
import type { Visitor } from '../visitor.ts'
import type { PrepareSessionWords } from '../words/prepare-session-gl.ts'
import { dayWords } from './council-view.ts'
import type { PrepareView, SessionSetUp } from './session-view.ts'

const icons: Record<ConvocationFinding['level'], IconName> = { good: 'check', warn: 'alert', bad: 'cross' }
const order: ConvocationFinding['level'][] = ['bad', 'warn', 'good']

/** What the law says to the session as it stands, what is against it first. */
export function ChecksSection({ view, setUp }: { view: PrepareView; setUp: SessionSetUp }): JSX.Element {
  const { words, visitor } = view
  const sorted = [...setUp.findings].sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level))
  return (
    <section class="card pad stack" id="lei">
      <h2>{words.checks}</h2>
      <p class="muted">{words.checksLead}</p>
      <ul class="lines">
        {sorted.map((one) => (
          <li key={one.code} class="row" data-finding={one.code}>
            <Chip tone={one.level} icon={icons[one.level]}>
              {words.levels[one.level]}
            </Chip>
            <span class="grow">
              {findingSentence(one, words, visitor, setUp.issued !== undefined)} <span class="small muted">{one.article}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function findingSentence(of: ConvocationFinding, words: PrepareSessionWords, visitor: Visitor, issued: boolean): string {
  const { findings } = words
  const day = (one: string) => dayWords(one, visitor)
  switch (of.code) {
    case 'notice-enough':
      return findings['notice-enough'](of.days)
    case 'notice-short':
      return (issued ? findings['notice-was-short'] : findings['notice-short'])(of.days, day(of.firstDay))
    case 'notice-until':
      return findings['notice-until'](day(of.lastDay))
    case 'acta-not-linked':
      return findings['acta-not-linked'](of.waiting)
    case 'media-told':
      return findings['media-told'](of.count)
    case 'ordinary-in-time':
      return findings['ordinary-in-time'](day(of.before))
    case 'ordinary-late':
      return findings['ordinary-late'](day(of.before), day(of.dueBy))
    default:
      return findings[of.code]
  }
}
