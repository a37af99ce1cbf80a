import type { JSX } from 'preact'
import { chamberWords, conductWords, controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** What the person must read before going on: a refusal with its article, a line that asks to sign in, a command that got lost. */
export function Troubles({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, ruling, refused, trouble } = model
  const words = controlWords[seed.language]
  const sentences = [
    ...(ruling ? [`${ruling.reason[seed.language]} (${ruling.article})`] : []),
    ...refused.map((one) => words.refused(one.sentence, one.reason, one.article)),
    ...(trouble === 'command-failed' ? [words.commandFailed] : []),
    ...(trouble === 'no-screen' ? [conductWords[seed.language].screenFailed] : []),
    ...(trouble === 'cannot-store' ? [words.cannotStore] : []),
    ...(trouble === 'signed-out' ? [words.signInAgain] : []),
    ...(trouble === 'pin-needed' ? [chamberWords[seed.language].pinAsked] : []),
  ]
  return (
    <div class="troubles" role="alert">
      {sentences.length === 0 ? null : (
        <div class="strip warn">
          <span>
            {sentences.map((one) => (
              <span key={one} class="line">
                {one}
              </span>
            ))}
          </span>
          {trouble === 'pin-needed' ? (
            <a class="btn main" href={`/sala-local/pin?a=${seed.paths.room}`}>
              {chamberWords[seed.language].toPin}
            </a>
          ) : trouble === 'signed-out' ? (
            <a class="btn" href={seed.paths.signIn}>
              {words.signIn}
            </a>
          ) : trouble === 'cannot-store' ? null : (
            <button type="button" class="btn" onClick={() => acts.understood()}>
              {words.understood}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
