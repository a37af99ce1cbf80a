import type { JSX } from 'preact'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

/** What belongs to this tablet: on which side the hand is, the second screen, the keys. */
export function SettingsSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { leftHand, screen, seed } = model
  const words = conductWords[seed.language]
  return (
    <Sheet title={words.settings} closeWord={controlWords[seed.language].closeSheet} onClose={() => acts.sheet(null)}>
      <p>{words.handHelp}</p>
      <div class="choices row2">
        <button type="button" class="btn choice" aria-pressed={leftHand} onClick={() => acts.hand(true)}>
          {words.leftHand}
        </button>
        <button type="button" class="btn choice" aria-pressed={!leftHand} onClick={() => acts.hand(false)}>
          {words.rightHand}
        </button>
      </div>
      <p>{words.screenHelp}</p>
      {screen === undefined ? (
        <button type="button" class="btn" disabled={!model.linked} onClick={() => acts.openScreen()}>
          {words.screenOpen}
        </button>
      ) : (
        <a class="btn main" href={screen} target="_blank" rel="noreferrer">
          {words.screenReady}
        </a>
      )}
      <h3>{words.keysTitle}</h3>
      <dl class="keys">
        {words.keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
