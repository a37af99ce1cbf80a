import type { JSX } from 'preact'
import type { Council } from '../../storage/model/council.ts'
import { isWithdrawable } from '../../storage/model/imported-recording.ts'
import { sessionKind } from '../../storage/model/session.ts'
import type { RecordingImport } from '../../storage/records/imports.ts'
import type { Progress } from '../../storage/records/progress.ts'
import type { SessionSummary } from '../../storage/records/sessions.ts'
import type { Upload } from '../../storage/uploads/upload-store.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import { Chip } from '../design/chip.tsx'
import { Shell } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import { SelectField, TextField } from '../prepare/fields.tsx'
import type { Visitor } from '../visitor.ts'
import { fileSize, longDate } from '../words/dates.ts'
import { prepareSessionWords } from '../words/prepare-words.ts'
import { signInWords } from '../words/staff-words.ts'
import { importWords } from '../words/words.ts'
import type { ImportPageData } from './page-data.ts'
import { Withdraw, Withdrawn } from './withdrawing.tsx'

export interface ListedImport {
  of: RecordingImport
  summary: SessionSummary
  progress: Progress | undefined
}

interface ImportPageProps {
  pages: Pages
  visitor: Visitor
  listed: ListedCouncil
  of: { council: Council; imports: ListedImport[]; withdrawn: RecordingImport[]; unfinished: Upload[] }
}

/** Where an old recording is brought, and what became of those that were. */
export function ImportPage(props: ImportPageProps): JSX.Element {
  const { pages, visitor, listed, of } = props
  const words = importWords[visitor.language]
  const data: ImportPageData = {
    endpoint: visitor.href(`/c/${listed.slug}/importar/ficheiros`),
    language: visitor.language,
    say: words.state,
  }
  return (
    <Shell
      pages={pages}
      visitor={visitor}
      council={listed}
      title={`${words.title} · ${listed.name}`}
      style="web/import-recording/page/import.css"
      script="web/import-recording/page/import-page.ts"
      data={data}
      indexed={false}
    >
      <div class="stack">
        <p>
          <a href={visitor.href(`/c/${listed.slug}/mesa`)}>‹ {words.back}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="muted lead">{words.lead}</p>
        <BringForm {...props} />
        <div class="stack" id="lists">
          {of.unfinished.length > 0 ? <Unfinished {...props} /> : null}
          <h2>{words.imports}</h2>
          {of.imports.length === 0 ? <p class="muted">{words.none}</p> : null}
          <ul class="rows">
            {of.imports.map((one) => (
              <ImportRow key={one.of.session} {...props} one={one} />
            ))}
          </ul>
          {of.withdrawn.length === 0 ? null : <Withdrawn visitor={visitor} council={of.council} imports={of.withdrawn} />}
        </div>
      </div>
    </Shell>
  )
}

function BringForm({ visitor, of: { council } }: ImportPageProps): JSX.Element {
  const words = importWords[visitor.language]
  const { fields, kinds, languageNames } = prepareSessionWords[visitor.language]
  const values = { kind: 'ordinary', time: '20:00', place: council.room, language: council.languages[0] ?? 'gl' }
  return (
    <section class="card pad stack">
      <h2>{words.whenTitle}</h2>
      <form class="stack" id="bring">
        <div class="two">
          <TextField name="day" type="date" label={fields.day} values={values} required />
          <TextField name="time" type="time" label={fields.time} values={values} required />
          <SelectField
            name="kind"
            label={fields.kind}
            values={values}
            options={sessionKind.options.map((one) => [one, kinds[one]] as const)}
          />
          <SelectField
            name="language"
            label={fields.language}
            values={values}
            options={council.languages.map((one) => [one, languageNames[one]] as const)}
          />
        </div>
        <TextField name="place" label={fields.place} values={values} required />
        <label class="stack tight">
          <span>{words.file}</span>
          <input
            class="field"
            type="file"
            id="file"
            accept="video/*,audio/*,.mkv,.mxf,.ts,.m2ts,.wmv,.wma,.rm"
            aria-describedby="file-hint"
          />
        </label>
        <p class="small muted" id="file-hint">
          {words.fileHint}
        </p>
        <div class="row wrap">
          <button class="btn main" type="submit" id="send" hidden>
            {words.send}
          </button>
          <button class="btn main" type="button" id="resume" hidden>
            {words.resume}
          </button>
          <button class="btn" type="button" id="pause" hidden>
            {words.pause}
          </button>
          <button class="btn" type="button" id="cancel" hidden>
            {words.cancel}
          </button>
        </div>
      </form>
      <noscript>
        <p>{words.noScript}</p>
      </noscript>
      <div class="stack tight" id="progress" hidden>
        <progress id="bar" max={1000} aria-labelledby="said" />
        <p class="small muted">{words.sendingHint}</p>
      </div>
      <p id="said" role="status" />
      <p id="trouble" role="alert" />
    </section>
  )
}

function Unfinished({ visitor, listed, of }: ImportPageProps): JSX.Element {
  const words = importWords[visitor.language]
  const { language } = visitor
  return (
    <section class="stack" id="unfinished">
      <h2>{words.unfinished}</h2>
      <p class="small muted">{words.unfinishedHint}</p>
      <ul class="rows">
        {of.unfinished.map((one) => (
          <li class="card row wrap" key={one.id} data-upload={one.id}>
            <span class="grow">
              {words.unfinishedRow(one.fields['filename'] ?? one.id, fileSize(one.offset, language), fileSize(one.sizeBytes, language))}
            </span>
            <form method="post" action={visitor.href(`/c/${listed.slug}/importar`)}>
              <input type="hidden" name="upload" value={one.id} />
              <button class="btn" type="submit" name="act" value="discard">
                {words.discard}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ImportRow({ visitor, listed, of: { council }, one }: ImportPageProps & { one: ListedImport }): JSX.Element {
  const words = importWords[visitor.language]
  const { session } = one.summary
  const date = longDate(session.convenedFor, visitor.language, council.timeZone)
  return (
    <li class="card row wrap">
      <div class="grow stack tight">
        <p class="deed">
          {signInWords[visitor.language].kinds[session.kind]} · {date}
        </p>
        <p class="small muted name">
          {one.of.file.name} · {fileSize(one.of.file.bytes, visitor.language)}
        </p>
        {one.of.problem === undefined ? null : <p class="small">{words.failedHelp}</p>}
      </div>
      <StateChip one={one} visitor={visitor} />
      {one.of.delivered ? (
        <a class="btn" href={visitor.href(`/c/${listed.slug}/editor/${session.slug}`)}>
          {words.open}
          <span class="hidden-text"> · {date}</span>
        </a>
      ) : null}
      {isWithdrawable(one.of, one.summary.stage) ? (
        <Withdraw visitor={visitor} here={visitor.href(`/c/${listed.slug}/importar`)} of={one.of} date={date} />
      ) : null}
    </li>
  )
}

function StateChip({ one, visitor }: { one: ListedImport; visitor: Visitor }): JSX.Element {
  const words = importWords[visitor.language]
  const { of, progress, summary } = one
  if (of.problem !== undefined) return <Chip tone="bad">{words.failed}</Chip>
  if (of.delivered) return <Chip tone="good">{signInWords[visitor.language].stages[summary.stage]}</Chip>
  if (summary.stage === 'recording') return <Chip>{words.storing}</Chip>
  if (progress === undefined) return <Chip>{words.waiting}</Chip>
  return <Chip>{words.reading(Math.floor((100 * progress.done) / Math.max(1, progress.total)))}</Chip>
}
