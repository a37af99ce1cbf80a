import type { ComponentChildren, JSX } from 'preact'
import { Icon } from '../design/icon.tsx'
import { mediaClock } from '../words/dates.ts'
import { Card, type QualityView } from './quality-view.tsx'

/** Each list is shown as far as one evening reaches. */
const most = 50

interface Place {
  fromMs: number
  toMs: number
  note?: string
}

/** What only a person can settle, each with a link to its sound. */
export function ToHear({ view }: { view: QualityView }): JSX.Element {
  const { words, quality, nameOf } = view
  const review = quality.review.map((one) => ({
    ...one,
    note: one.why === 'sources-disagree' ? words.disagree : words.unsure(nameOf(one.speaker), one.runnerUp && nameOf(one.runnerUp)),
  }))
  return (
    <>
      <Places view={view} title={words.untranscribed} help={words.untranscribedHelp} places={quality.untranscribed} />
      <Places view={view} title={words.outside} help={words.outsideHelp} places={quality.outsideSpeech} />
      <Places view={view} title={words.notTrusted} help={words.notTrustedHelp} places={quality.notTrusted} />
      <Places view={view} title={words.review} help={words.reviewHelp} places={review}>
        {view.confirm === undefined ? null : (
          <p>
            <a class="btn" href={view.confirm}>
              {words.confirm}
            </a>
          </p>
        )}
      </Places>
    </>
  )
}

function Places({
  view,
  title,
  help,
  places,
  children,
}: {
  view: QualityView
  title: string
  help: string
  places: readonly Place[]
  children?: ComponentChildren
}): JSX.Element | null {
  const { words, listen } = view
  if (places.length === 0) return null
  return (
    <Card title={`${title} (${places.length})`}>
      <p class="muted">{help}</p>
      {children}
      <ul class="places">
        {places.slice(0, most).map((place) => (
          <li key={`${place.fromMs}-${place.toMs}`}>
            <a class="btn num" href={listen(place.fromMs)}>
              <Icon name="play" /> {mediaClock(place.fromMs)}
              <span class="hidden-text"> · {words.listen}</span>
            </a>
            <span>{place.note ?? words.lasts(place.toMs - place.fromMs)}</span>
          </li>
        ))}
      </ul>
      {places.length > most ? <p class="muted">{words.more(places.length - most)}</p> : null}
    </Card>
  )
}
