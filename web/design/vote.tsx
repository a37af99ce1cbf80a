import type { JSX } from 'preact'
import type { Language } from '../../storage/model/council.ts'
import type { Sense } from '../../storage/model/session-events.ts'
import type { Tally } from '../../storage/model/vote-rules.ts'
import { commonWords, inLanguage } from '../words/words.ts'
import { Icon, type IconName } from './icon.tsx'

const senses: Sense[] = ['favour', 'against', 'abstain']
const icons: Record<Sense, IconName> = { favour: 'check', against: 'cross', abstain: 'dash' }

/** The counts as one bar; the words under it say the same, so the bar is for the eye only. */
export function VoteBar({ tally, language }: { tally: Tally; language: Language }): JSX.Element {
  const words = inLanguage(commonWords, language)
  const label: Record<Sense, string> = { favour: words.favour, against: words.against, abstain: words.abstain(tally.abstain) }
  const total = Math.max(1, tally.favour + tally.against + tally.abstain)
  const shown = senses.filter((sense) => tally[sense] > 0)
  const gap = total / 200
  let from = 0
  return (
    <>
      <svg class="vote-bar" viewBox={`0 0 ${total} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {shown.map((sense, index) => {
          const at = from
          from += tally[sense]
          return <rect key={sense} class={sense} x={at} y="0" width={tally[sense] - (index < shown.length - 1 ? gap : 0)} height="1" />
        })}
      </svg>
      <ul class="vote-legend">
        {senses.map((sense) => (
          <li key={sense} class={`sense ${sense}`}>
            <Icon name={icons[sense]} /> <span class="num">{tally[sense]}</span> {label[sense]}
          </li>
        ))}
      </ul>
    </>
  )
}

/** What one member voted: icon, word, colour. */
export function SenseMark({ sense, language }: { sense: Sense; language: Language }): JSX.Element {
  const words = inLanguage(commonWords, language)
  const title: Record<Sense, string> = { favour: words.favourTitle, against: words.againstTitle, abstain: words.abstainTitle }
  return (
    <span class={`sense ${sense}`}>
      <Icon name={icons[sense]} />
      {title[sense]}
    </span>
  )
}
