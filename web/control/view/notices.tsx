import type { JSX } from 'preact'
import { quorumRefusals } from '../../../storage/model/law/quorum.ts'
import { clockTime, exactTime } from '../../words/dates.ts'
import { chamberWords, conductWords, controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { AlarmBand } from './alarm-band.tsx'
import { ClosedStrip } from './closed-part.tsx'
import { DifferenceBand } from './difference-band.tsx'
import { SetAsideStrip } from './set-aside.tsx'
import { Troubles } from './troubles.tsx'

/** What stands between the state and the panes: closed to the public, a refusal, no quorum, a question, who leads. */
export function Notices({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  return (
    <div class="notices">
      <ClosedStrip model={model} />
      <AlarmBand model={model} />
      <Alone model={model} />
      <DifferenceBand model={model} />
      <Troubles model={model} acts={acts} />
      <NoQuorum model={model} acts={acts} />
      <SetAsideStrip model={model} acts={acts} />
      <Recess model={model} />
      <Lead model={model} acts={acts} />
      <Asked model={model} acts={acts} />
    </div>
  )
}

/** Without a line the recorder's own machine stands in; before that, a tablet is told how to be ready for it. */
function Alone({ model }: { model: RoomModel }): JSX.Element | null {
  const { alone, seed } = model
  const words = chamberWords[seed.language]
  if (alone) {
    return (
      <div class="strip warn" role="status" data-alone={alone.kept}>
        <span>{words.offline(alone.kept)}</span>
      </div>
    )
  }
  if (seed.prepare === undefined) return null
  return (
    <div class="strip council" role="status">
      <span>{words.prepareNotice}</span>
      <a class="btn" href={seed.prepare}>
        {words.prepareLink}
      </a>
    </div>
  )
}

/** R13: what is lacking is told at once, each with its article, and the way to set it right. */
function NoQuorum({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { seed, state, ready } = model
  const running = state.phase === 'open' || state.phase === 'closed-part'
  const lacks = running ? quorumRefusals(state) : []
  if (lacks.length === 0) return null
  return (
    <div class="strip bad" role="alert" data-quorum="lost">
      <span>
        {lacks.map((one) => (
          <span key={one.article + one.reason.gl} class="line">
            {one.reason[seed.language]} ({one.article})
          </span>
        ))}
        <span class="line">{conductWords[seed.language].quorumDo}</span>
      </span>
      <button type="button" class="btn" disabled={!ready} onClick={() => acts.sheet('attendance')}>
        {controlWords[seed.language].attendance}
      </button>
    </div>
  )
}

function Recess({ model }: { model: RoomModel }): JSX.Element | null {
  const { seed, state } = model
  const began = state.events.findLast((one) => one.type === 'recess.began')
  if (state.phase !== 'recess' || !began) return null
  const atMs = began.at.wallMs - (began.at.offsetMs ?? 0)
  return (
    <div class="strip warn" role="status">
      <span>{conductWords[seed.language].recessSince(exactTime(atMs, seed.council.timeZone).slice(0, 5))}</span>
    </div>
  )
}

/** Two tablets: one leads, the other follows live and may ask. */
function Lead({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { lead, seed, linked } = model
  const words = conductWords[seed.language]
  if (lead.mine && lead.asking && !lead.asked) {
    return (
      <div class="strip council" role="alert">
        <span>{words.leadAskedBy(lead.asking.name)}</span>
        <button type="button" class="btn main" onClick={() => acts.lead('give')}>
          {words.leadGive}
        </button>
        <button type="button" class="btn" onClick={() => acts.lead('keep')}>
          {words.leadKeep}
        </button>
      </div>
    )
  }
  if (lead.mine || !lead.leader) return null
  const here = lead.leader.connected && linked
  const since = exactTime(lead.leader.sinceMs, seed.council.timeZone).slice(0, 5)
  return (
    <div class="strip council" role="status">
      <span>{here ? words.follows(lead.leader.name) : words.followsLost(lead.leader.name, since)}</span>
      {lead.asked ? (
        <b>{words.leadAsked}</b>
      ) : (
        <button type="button" class="btn main" onClick={() => acts.lead('ask')}>
          {here ? words.leadAsk : words.leadTake}
        </button>
      )}
    </div>
  )
}

/** What the page asks by itself; it never acts by itself (R29). */
function Asked({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { prompt, seed, ready } = model
  const words = conductWords[seed.language]
  if (prompt === undefined) return null
  if (prompt.kind === 'sent') {
    return (
      <div class="strip good" role="status">
        <span>{words.sent(prompt.count)}</span>
      </div>
    )
  }
  const hour = prompt.kind === 'hour'
  return (
    <div class="strip council" role="alert">
      <span>
        {hour ? words.hourPrompt(clockTime(seed.session.convenedFor, seed.council.timeZone)) : words.silencePrompt(prompt.minutes)}
      </span>
      {hour ? (
        <button type="button" class="btn main" disabled={!ready} onClick={() => acts.command('start')}>
          {words.hourStart}
        </button>
      ) : (
        <button type="button" class="btn" disabled={!ready} onClick={() => acts.sheet('stop')}>
          {controlWords[seed.language].stop}
        </button>
      )}
      <button type="button" class={hour ? 'btn' : 'btn main'} onClick={() => acts.dismiss()}>
        {hour ? words.hourLater : words.silenceGoesOn}
      </button>
    </div>
  )
}
