import type { JSX } from 'preact'
import { Chip } from '../../design/chip.tsx'
import { exactTime } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** The last marks with their undo, and whether everything is on the server. */
export function FootStrip({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, recent, pending } = model
  const words = controlWords[seed.language]
  const [last, ...older] = recent
  return (
    <footer class="foot-strip">
      {last ? (
        <>
          <span class="last">
            {words.lastMark}: <b>{last.sentence}</b> <span class="num muted">{exactTime(last.atMs, seed.council.timeZone)}</span>
          </span>
          <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.undo(last.act)}>
            {words.undo}
            <span class="hidden-text">: {last.sentence}</span>
          </button>
          {older.length > 0 ? (
            <ul class="older" aria-label={words.lastMark}>
              {older.slice(0, 2).map((one) => (
                <li key={one.act}>
                  <button type="button" class="btn quiet" disabled={!model.ready} onClick={() => acts.undo(one.act)}>
                    <span class="clamp">
                      <span class="hidden-text">{words.undo}: </span>↶ {one.sentence}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      ) : (
        <span class="last muted">{words.noMarks}</span>
      )}
      <span class="grow" />
      <span data-pending={pending}>
        {pending === 0 ? (
          <Chip tone="good" icon="check">
            {words.allStored}
          </Chip>
        ) : (
          <Chip tone="warn" icon="clock">
            {words.notStored(pending)}
          </Chip>
        )}
      </span>
    </footer>
  )
}

/** What the person must read before going on: a refusal with its article, a line that asks to sign in, a command that got lost. */
export function Troubles({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, ruling, refused, trouble } = model
  const words = controlWords[seed.language]
  const sentences = [
    ...(ruling ? [`${ruling.reason[seed.language]} (${ruling.article})`] : []),
    ...refused.map((one) => words.refused(one.sentence, one.reason, one.article)),
    ...(trouble === 'command-failed' ? [words.commandFailed] : []),
    ...(trouble === 'cannot-store' ? [words.cannotStore] : []),
    ...(trouble === 'signed-out' ? [words.signInAgain] : []),
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
          {trouble === 'signed-out' ? (
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
