import type { JSX } from 'preact'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { hasQuorum, presentMembers } from '../../../storage/model/session-state.ts'
import { Chip } from '../../design/chip.tsx'
import { controlWords } from '../../words/staff-words.ts'
import { recorderActs } from '../recorder-strip.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { RehearsalNote } from './rehearsal-note.tsx'

const quietDb = -60
const previewEveryMs = 3000

/** Whether sound and picture come, how much disk is left, what is safe, whether there is quorum; start, pause, stop. */
export function RecorderPane({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, recorder, word, state } = model
  const words = controlWords[seed.language]
  const proof = recorder.proof
  const live = word === 'recording' || word === 'stale'
  const present = presentMembers(state, seed.council).length
  const quorum = hasQuorum(state, seed.council)
  return (
    <section class="recorder" aria-labelledby="recorder-title">
      <h2 id="recorder-title">{words.soundAndPicture}</h2>
      <div class="told">
        {seed.session.recorded ? (
          <>
            <Preview model={model} live={live} />
            <SoundMeter model={model} live={live} />
            {live && (proof?.levels?.length ?? 0) > 1 ? <ChannelMeters levels={proof?.levels ?? []} /> : null}
            <p class="checks">
              {live && proof ? (
                <>
                  <Check good={proof.peakDb !== null && proof.peakDb > quietDb} yes={words.soundGood} no={words.soundNone} />
                  <Check good={proof.picture} yes={words.pictureGood} no={words.pictureNone} />
                </>
              ) : word === 'stopped' ? null : (
                <span class="small muted">{words.notMeasured}</span>
              )}
            </p>
          </>
        ) : null}
        {seed.session.recorded ? <RehearsalNote model={model} /> : null}
        <dl class="facts">
          {proof ? (
            <>
              <dt>{words.disk}</dt>
              <dd class="num">
                {words.diskFree(String(Math.floor(proof.diskFreeBytes / 1e9)))}
                {proof.hoursLeft === undefined || proof.hoursLeft >= 100
                  ? ''
                  : ` · ${words.diskHours(String(Math.floor(proof.hoursLeft)))}`}
              </dd>
              <dt>{words.stored}</dt>
              <dd>{proof.unconfirmed === 0 ? words.storedAll : words.storedPending(proof.unconfirmed)}</dd>
            </>
          ) : null}
          <dt>{words.quorum}</dt>
          <dd class={`num${quorum || state.phase === 'before' ? '' : ' lacking'}`}>
            {state.phase === 'before' ? words.quorumNotYet : words.quorumLine(present, seed.council.legalNumber, quorum)}
          </dd>
        </dl>
        <a class="btn quiet to-table" href={seed.paths.table}>
          ← {words.toTable}
        </a>
        <span class="grow" />
        <p class="keyboard small muted">{words.keys}</p>
      </div>
      <RecorderButtons model={model} acts={acts} />
    </section>
  )
}

function RecorderButtons({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const may = recorderActs(model.word, model.recorder.proof !== undefined)
  const canStop = may.includes('stop') || (model.state.phase === 'open' && !may.includes('start'))
  return (
    <div class="recorder-acts">
      {may.includes('start') ? (
        <button type="button" class="btn big start" disabled={!model.ready} onClick={() => acts.command('start')}>
          {model.word === 'failed' ? words.startAgain : words.start}
        </button>
      ) : null}
      {may.includes('resume') ? (
        <button type="button" class="btn big resume" disabled={!model.ready} onClick={() => acts.command('resume')}>
          {words.resume}
        </button>
      ) : null}
      {may.includes('pause') ? (
        <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.command('pause')}>
          {words.pause}
        </button>
      ) : null}
      {canStop ? (
        <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.sheet('stop')}>
          {words.stop}
        </button>
      ) : null}
    </div>
  )
}

/** Drawn with attributes of SVG: a page of ours carries no inline style. */
function SoundMeter({ model, live }: { model: RoomModel; live: boolean }): JSX.Element {
  const words = controlWords[model.seed.language]
  const peak = live ? (model.recorder.proof?.peakDb ?? null) : null
  const shown = peak === null ? quietDb : Math.max(quietDb, Math.min(0, peak))
  const slow = model.slowPeakDb === null ? quietDb : Math.max(quietDb, Math.min(0, Math.round(model.slowPeakDb)))
  const heard = slow <= quietDb ? words.noSound : words.levelValue(slow)
  return (
    <div class="meter">
      <span aria-hidden="true">{words.level}</span>
      <meter class="hidden-text" min={quietDb} max={0} value={slow} aria-label={words.level} aria-valuetext={heard} />
      <svg viewBox="0 0 60 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="rail" x="0" y="0" width="60" height="12" rx="1.5" />
        <rect class={shown > -3 ? 'level hot' : 'level'} x="0" y="0" width={shown - quietDb} height="12" rx="1.5" />
      </svg>
      <span class="num" aria-hidden="true">
        {peak === null || peak <= quietDb ? '—' : `${Math.round(peak)} dB`}
      </span>
    </div>
  )
}

/** One bar a microphone or channel, with its name: which of them is silent is seen at a glance. */
function ChannelMeters({ levels }: { levels: NonNullable<ProofOfLife['levels']> }): JSX.Element {
  return (
    <ul class="channels">
      {levels.map(({ name, peakDb }, at) => {
        const shown = Math.max(quietDb, Math.min(0, peakDb))
        return (
          <li key={name ?? String(at)}>
            <span class="clamp">{name ?? String(at + 1)}</span>
            <svg viewBox="0 0 60 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
              <rect class="rail" x="0" y="0" width="60" height="12" rx="1.5" />
              <rect class={shown > -3 ? 'level hot' : 'level'} x="0" y="0" width={shown - quietDb} height="12" rx="1.5" />
            </svg>
          </li>
        )
      })}
    </ul>
  )
}

/** The newest picture that lies on the recorder's disk; never in a closed part. Its address changes with the proof, so that it is asked for again. */
function Preview({ model, live }: { model: RoomModel; live: boolean }): JSX.Element | null {
  const { seed, recorder, state } = model
  const { proof } = recorder
  if (!live || !proof || !recorder.preview || state.phase === 'closed-part' || !model.ready) return null
  const words = controlWords[seed.language]
  return (
    <img
      class="preview"
      src={`${seed.paths.room}/imaxe.jpg?${Math.floor(proof.provenWallMs / previewEveryMs)}`}
      alt={words.preview}
      width={320}
      height={180}
    />
  )
}

function Check({ good, yes, no }: { good: boolean; yes: string; no: string }): JSX.Element {
  return (
    <Chip tone={good ? 'good' : 'warn'} icon={good ? 'check' : 'alert'}>
      {good ? yes : no}
    </Chip>
  )
}
