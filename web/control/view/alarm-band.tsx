import type { JSX } from 'preact'
import { Icon } from '../../design/icon.tsx'
import { exactTime } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import { standingAlarms } from '../recorder-strip.ts'
import type { RoomModel } from '../room-model.ts'

/** Alarms shown in full; more would push the page away from who works on it. */
const shownAlarms = 2

/** What the recorder found wrong: what happened, since when, what to do. The worst first; gone when it is gone. */
export function AlarmBand({ model }: { model: RoomModel }): JSX.Element {
  const { seed, recorder, word } = model
  const words = controlWords[seed.language]
  const alarms = standingAlarms(recorder, seed.session.id, word)
  return (
    <div class="alarms" role="alert">
      {alarms.slice(0, shownAlarms).map(({ code, name, sinceWallMs }) => {
        const [what, todo] = words.alarms[code](name ?? '')
        return (
          <p class="alarm" key={`${code}${name ?? ''}`} data-alarm={code}>
            <Icon name="alert" />
            <strong>{what}</strong> <span>{todo}</span>{' '}
            <span class="num small">{words.alarmSince(exactTime(sinceWallMs, seed.council.timeZone))}</span>
          </p>
        )
      })}
      {alarms.length > shownAlarms ? <p class="alarm small">{words.moreAlarms(alarms.length - shownAlarms)}</p> : null}
    </div>
  )
}
