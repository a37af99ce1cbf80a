import type { JSX } from 'preact'
import type { Language } from '../../../storage/model/council.ts'
import type { Sense } from '../../../storage/model/session-events.ts'
import type { Tally } from '../../../storage/model/vote-rules.ts'
import { controlWords } from '../../words/staff-words.ts'

const senses = ['favour', 'against', 'abstain'] as const

interface CountsProps {
  tally: Tally
  setTally: (tally: Tally) => void
  language: Language
}

/** Everybody in favour, in one tap. */
export function Unanimity({ voters, tally, setTally, language }: CountsProps & { voters: number }): JSX.Element {
  const words = controlWords[language]
  return (
    <button
      type="button"
      class="btn unanimity"
      aria-pressed={tally.favour === voters}
      onClick={() => setTally({ favour: voters, against: 0, abstain: 0 })}
    >
      {words.unanimity} <span class="num">({words.unanimityOf(voters)})</span>
    </button>
  )
}

/** The three counts, each a tap more or less, or all the rest at once. */
export function Counts(props: CountsProps & { missing: number }): JSX.Element {
  return (
    <div class="counts">
      {senses.map((sense) => (
        <Stepper key={sense} sense={sense} {...props} />
      ))}
    </div>
  )
}

function Stepper({ sense, tally, missing, setTally, language }: CountsProps & { sense: Sense; missing: number }): JSX.Element {
  const words = controlWords[language]
  const set = (count: number) => setTally({ ...tally, [sense]: Math.max(0, count) })
  return (
    <fieldset class={`stepper ${sense}`} aria-label={words[sense]}>
      <span class="what">{words[sense]}</span>
      <button
        type="button"
        class="btn"
        aria-label={words.less(words[sense])}
        disabled={tally[sense] === 0}
        onClick={() => set(tally[sense] - 1)}
      >
        −
      </button>
      <output class="num">{tally[sense]}</output>
      <button type="button" class="btn" aria-label={words.more(words[sense])} onClick={() => set(tally[sense] + 1)}>
        +
      </button>
      <button
        type="button"
        class="btn rest"
        aria-label={words.restOf(words[sense])}
        disabled={missing <= 0}
        onClick={() => set(tally[sense] + missing)}
      >
        {words.rest}
      </button>
    </fieldset>
  )
}
