import type { JSX } from 'preact'
import { duration } from '../words/dates.ts'
import { Card, Figure, type QualityView } from './quality-view.tsx'

/** What was measured without a reference. */
export function Figures({ view }: { view: QualityView }): JSX.Element {
  const { words, quality, nameOf } = view
  const guards = quality.guards.filter((one) => one.fired > 0)
  const unasked = quality.guards.filter((one) => one.unavailable > 0)
  const written = Math.max(0, quality.speechMs - quality.untranscribed.reduce((sum, one) => sum + one.toMs - one.fromMs, 0))
  return (
    <>
      <Card title={words.coverage}>
        <dl class="figures">
          <Figure name={words.recorded} value={duration(quality.recordedMs)} />
          <Figure name={words.speech} value={duration(quality.speechMs)} />
          <Figure name={words.written} value={words.share(written, quality.speechMs)} />
          <Figure name={words.words} value={words.count(quality.words)} />
          <Figure
            name={words.unsureWords}
            value={quality.words > 0 && quality.unmeasuredWords === quality.words ? words.notMeasured : words.count(quality.unsureWords)}
          />
          <Figure name={words.unmeasured} value={words.count(quality.unmeasuredWords)} />
          <Figure name={words.invented} value={words.count(quality.outsideSpeech.length)} />
        </dl>
      </Card>
      <Card title={words.who}>
        <p>{quality.evidence.length === 0 ? words.noEvidence : words.evidence(quality.evidence)}</p>
        <Shares rows={quality.speakers.map((one) => [nameOf(one.id), one.ms])} view={view} caption={words.bySpeaker} />
        <Shares rows={quality.sources.map((one) => [words.sources[one.source], one.ms])} view={view} caption={words.bySource} />
      </Card>
      <Card title={words.languages}>
        <dl class="figures">
          {quality.languages.map((one) => (
            <Figure key={one.language} name={words.languageNames[one.language]} value={words.said(one.utterances, one.words)} />
          ))}
        </dl>
      </Card>
      <Card title={words.guards}>
        {guards.length === 0 ? <p>{words.noGuards}</p> : <p class="muted">{words.guardsHelp}</p>}
        <dl class="figures">
          {guards.map((one) => (
            <Figure key={one.code} name={words.guardName(one.code)} value={words.times(one.fired)} />
          ))}
        </dl>
        {unasked.length > 0 ? <p>{words.unasked(unasked.map((one) => words.guardName(one.code)))}</p> : null}
      </Card>
    </>
  )
}

function Shares({ rows, view, caption }: { rows: [string, number][]; view: QualityView; caption: string }): JSX.Element | null {
  const whole = rows.reduce((sum, [, ms]) => sum + ms, 0)
  if (rows.length === 0) return null
  return (
    <table class="shares">
      <caption>{caption}</caption>
      <tbody>
        {rows.map(([name, ms]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="num">{duration(ms)}</td>
            <td class="num">{view.words.share(ms, whole)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
