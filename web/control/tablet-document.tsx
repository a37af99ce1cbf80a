import type { JSX } from 'preact'
import { sessionState } from '../../storage/model/session-state.ts'
import { Head, PageData } from '../design/page-shell.tsx'
import type { Pages } from '../pages.ts'
import type { Visitor } from '../visitor.ts'
import { controlWords } from '../words/staff-words.ts'
import { heardSpeakers } from './heard-speakers.ts'
import { mediaPlace, recordingEnded, stripWord } from './recorder-strip.ts'
import type { RoomSeed } from './room.ts'
import type { RoomActs, RoomModel } from './room-model.ts'
import { leadOf } from './room-protocol.ts'
import { RoomView } from './view/room-view.tsx'

/** On the server nothing is tapped. */
const noActs = new Proxy({} as RoomActs, { get: () => () => undefined })

/** The chamber page as the server draws it: true at once, answering as soon as the tablet's code runs. */
export function TabletDocument({ pages, visitor, seed }: { pages: Pages; visitor: Visitor; seed: RoomSeed }): JSX.Element {
  const words = controlWords[seed.language]
  return (
    <html lang={seed.language}>
      <Head
        pages={pages}
        visitor={visitor}
        title={`${words.title} · ${words.kinds[seed.session.kind]}`}
        style="web/control/page/tablet.css"
        script="web/control/page/tablet-page.tsx"
        indexed={false}
        manifest={`${seed.paths.room.slice(0, seed.paths.room.lastIndexOf('/'))}/sala.webmanifest`}
      />
      <body class="tablet">
        <noscript>
          <p class="strip warn">{words.needsScript}</p>
        </noscript>
        <div id="room">
          <RoomView model={firstModel(seed)} acts={noActs} />
        </div>
        <PageData value={seed} />
        <script type="module" src={pages.asset('web/control/page/tablet-page.tsx')} />
      </body>
    </html>
  )
}

/** The same the tablet computes first (page/room-store.ts), before it knows its own marks. */
function firstModel(seed: RoomSeed): RoomModel {
  const { recorder, session, serverMs: nowMs } = seed
  const state = sessionState(
    seed.events.map((one) => one.event),
    seed.council,
    session,
  )
  return {
    seed,
    state,
    recorder,
    notes: seed.notes,
    word: stripWord({ session, recorder, ended: recordingEnded(state.events), linked: true, nowMs }),
    linked: true,
    alone: undefined,
    nowMs,
    mediaMs: mediaPlace(recorder, session.id, nowMs, 0),
    slowPeakDb: null,
    sheet: null,
    sheetItem: undefined,
    heard: seed.microphones ? heardSpeakers([], [null, null, null], { council: seed.council, session, state }, nowMs) : undefined,
    recent: [],
    pending: 0,
    refused: [],
    ruling: undefined,
    trouble: undefined,
    closingMs: undefined,
    prompt: undefined,
    lead: leadOf(undefined, undefined),
    leftHand: false,
    drafted: undefined,
    screen: undefined,
    ready: false,
  }
}
