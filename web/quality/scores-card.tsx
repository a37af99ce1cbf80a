import type { JSX } from 'preact'
import { Card, Figure, type QualityView } from './quality-view.tsx'

/** Figures against a text written by people; where there is none, that is said. */
export function ScoresCard({ view }: { view: QualityView }): JSX.Element {
  const { words, quality } = view
  const { scores } = quality
  if (!scores) {
    return (
      <Card title={words.scores}>
        <p>{words.noReference}</p>
      </Card>
    )
  }
  return (
    <Card title={words.scores}>
      <p class="muted">{words.scoresHelp(scores.words)}</p>
      <dl class="figures">
        <Figure name={words.wer} value={words.rate(scores.wer)} />
        {Object.entries(scores.werByLanguage).map(([language, rate]) => (
          <Figure key={language} name={words.werIn(language)} value={words.rate(rate)} />
        ))}
        <Figure name={words.werRaw} value={words.rate(scores.werRaw)} />
        <Figure name={words.cer} value={words.rate(scores.cer)} />
        <Figure name={words.cpwer} value={words.rate(scores.cpwer)} />
        <Figure name={words.tcpwer} value={words.rate(scores.tcpwer)} />
        <Figure name={words.attribution} value={words.rate(scores.attribution)} />
        <Figure name={words.languageRight} value={words.rate(scores.language)} />
        <Figure name={words.names} value={words.rate(scores.names)} />
        <Figure name={words.inventedInSilence} value={words.count(scores.inventedWords)} />
      </dl>
    </Card>
  )
}
