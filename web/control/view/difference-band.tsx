import type { JSX } from 'preact'
import { differencesToShow } from '../../../storage/model/chamber-notes.ts'
import { Icon } from '../../design/icon.tsx'
import { clockTime, shortDate } from '../../words/dates.ts'
import { differencesWords } from '../../words/staff-words.ts'
import type { RoomModel } from '../room-model.ts'

/** What the daily reconciliation found: of which session, what happened, what to do. It makes no sound: nothing is being lost now. */
export function DifferenceBand({ model }: { model: RoomModel }): JSX.Element | null {
  const { seed, notes, state, word } = model
  const busy = state.phase !== 'before' || (word !== 'ready' && word !== 'no-recorder')
  const [first, ...more] = differencesToShow(notes, { session: seed.session.id, busy })
  if (first === undefined || notes?.differences === undefined) return null
  const words = differencesWords[seed.language]
  const day = (ms: number) => shortDate(ms, seed.language, seed.council.timeZone)
  const { atMs } = notes.differences
  const [what, todo] = words.codes[first.code](first.count)
  return (
    <section class="alarms" aria-label={words.title}>
      <p class="alarm difference" data-difference={first.code}>
        <Icon name="alert" />
        <strong>
          {first.session === seed.session.id ? '' : `${words.ofSession(day(first.convenedFor))} `}
          {what}
        </strong>{' '}
        <span>{todo}</span> <span class="num small">{words.foundAt(`${day(atMs)}, ${clockTime(atMs, seed.council.timeZone)}`)}</span>
        {seed.paths.recorders ? (
          <a class="btn" href={seed.paths.recorders}>
            {more.length > 0 ? words.more(more.length) : words.see}
          </a>
        ) : null}
      </p>
    </section>
  )
}
