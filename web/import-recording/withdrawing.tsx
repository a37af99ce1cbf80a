import type { JSX } from 'preact'
import type { Council } from '../../storage/model/council.ts'
import { originalOf, type RecordingImport } from '../../storage/records/imports.ts'
import type { Visitor } from '../visitor.ts'
import { clockTime, fileSize, longDate } from '../words/dates.ts'
import { signInWords } from '../words/staff-words.ts'
import { importWords } from '../words/words.ts'

/** «Retirar», which first says what it does, and asks. @param date of the plenary, as it is shown */
export function Withdraw({ visitor, here, of, date }: { visitor: Visitor; here: string; of: RecordingImport; date: string }): JSX.Element {
  const words = importWords[visitor.language]
  return (
    <details class="withdraw">
      <summary>
        {words.withdraw}
        <span class="hidden-text"> · {date}</span>
      </summary>
      <form method="post" action={here} class="stack">
        <input type="hidden" name="session" value={of.session} />
        <p>{words.withdrawMeans}</p>
        {originalOf(of) === undefined ? null : <p>{words.withdrawStays}</p>}
        <p>
          <button class="btn" type="submit" name="act" value="withdraw">
            {words.withdrawNow}
            <span class="hidden-text"> · {date}</span>
          </button>
        </p>
      </form>
    </details>
  )
}

/** What was taken back, by whom and when, and what of it stays. */
export function Withdrawn({ visitor, council, imports }: { visitor: Visitor; council: Council; imports: RecordingImport[] }): JSX.Element {
  const { language } = visitor
  const { timeZone } = council
  const words = importWords[language]
  const { roles } = signInWords[language]
  return (
    <>
      <h2>{words.withdrawnTitle}</h2>
      <ul class="rows">
        {imports.map((one) => {
          if (one.withdrawn === undefined) return null
          const { atMs, by, convenedFor } = one.withdrawn
          const original = originalOf(one)
          return (
            <li class="card stack tight" key={one.session}>
              <p class="deed">{words.withdrawnOf(longDate(convenedFor, language, timeZone))}</p>
              <p class="small muted name">
                {one.file.name} · {fileSize(one.file.bytes, language)}
              </p>
              <p class="small">
                {words.withdrawnBy(`${longDate(atMs, language, timeZone)}, ${clockTime(atMs, timeZone)}`, words.by(by, roles))}{' '}
                {original === undefined ? words.nothingStays : words.stays}
              </p>
              {original === undefined ? null : <code class="hash small">{original}</code>}
            </li>
          )
        })}
      </ul>
    </>
  )
}
