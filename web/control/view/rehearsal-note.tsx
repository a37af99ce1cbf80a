import type { JSX } from 'preact'
import { gradeOf, isReady } from '../../../storage/model/rehearsal.ts'
import { Chip } from '../../design/chip.tsx'
import { clockTime, shortDate } from '../../words/dates.ts'
import { rehearsalSentence, rehearsalWords } from '../../words/rehearsal-words.ts'
import type { RoomModel } from '../room-model.ts'

/** What the last rehearsal found, before the session: whether all is ready, when it was, and the one thing to mend first. */
export function RehearsalNote({ model }: { model: RoomModel }): JSX.Element | null {
  const { seed, notes, word, state } = model
  if (state.phase !== 'before' || (word !== 'ready' && word !== 'no-recorder')) return null
  const { language, council } = seed
  const words = rehearsalWords[language]
  if (notes?.rehearsal === undefined) return notes === undefined ? null : <p class="rehearsal small muted">{words.neverHere}</p>
  const { last } = notes.rehearsal
  const toDo = [...last.findings]
    .filter((one) => gradeOf(one) !== 'good')
    .sort((a, b) => Number(gradeOf(b) === 'bad') - Number(gradeOf(a) === 'bad'))
  const [first, ...more] = toDo
  const when = `${shortDate(last.atMs, language, council.timeZone)}, ${clockTime(last.atMs, council.timeZone)}`
  const ready = isReady(last)
  return (
    <section class="rehearsal" aria-labelledby="rehearsal-title" data-rehearsal={ready ? 'ready' : 'not-ready'}>
      <h3 id="rehearsal-title" class="small muted">
        {words.title} · <span class="num">{when}</span>
      </h3>
      <p>
        <Chip tone={ready ? (toDo.length === 0 ? 'good' : 'plain') : 'warn'} icon={ready ? 'check' : 'alert'}>
          {ready ? (toDo.length === 0 ? words.short.ready : words.short.look) : words.short.bad}
        </Chip>
      </p>
      {first === undefined ? null : <p class="small">{rehearsalSentence(first, language)}</p>}
      {more.length > 0 && seed.paths.recorders ? (
        <a class="btn quiet" href={seed.paths.recorders}>
          {words.moreToMend(more.length)}
        </a>
      ) : null}
    </section>
  )
}
