import { itemId, newId } from '../../../storage/model/ids.ts'
import type { EventOf } from '../../../storage/model/session-events.ts'
import { nextAllowed } from '../../../storage/model/session-rules.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { floorMark, heardMarks, type Mark, openingMarks, rollMarks, undoMarks } from '../marks.ts'
import { ownProof } from '../recorder-strip.ts'
import { floorNow, nextItem, openVote } from '../room.ts'
import type { RoomActs } from '../room-model.ts'
import { proclaimMarks, reopenMarks, voteOf, voteToOpen } from '../vote-marks.ts'
import { RoomHand } from './room-hand.ts'
import type { RoomStore } from './room-store.ts'

type ItemId = EventOf<'item.opened'>['item']
type MemberId = EventOf<'attendance.left'>['member']

/** What the acts need of the page around them. */
export interface ActsOutside {
  /** There is something new to send. */
  sent(): void
  lead: RoomActs['lead']
  hand: RoomActs['hand']
  showDraft: RoomActs['showDraft']
}

/** The taps of the chamber page. */
export function roomActs(store: RoomStore, outside: ActsOutside): RoomActs {
  const { seed } = store
  const official = controlWords[seed.session.language]
  const conduct = conductWords[seed.session.language]
  const state = () => store.state.value
  const mark = async (marks: Mark[]): Promise<boolean> => {
    const done = marks.length > 0 && (await store.mark(marks))
    if (done) outside.sent()
    return done
  }
  const sheet: RoomActs['sheet'] = (open) => {
    store.sheet.value = open
  }
  const closing = (marks: Mark[]) => void mark(marks).then((done) => (done ? sheet(null) : undefined))
  const refuse = (ruling: ReturnType<typeof nextAllowed>) => {
    store.ruling.value = ruling.allowed ? undefined : ruling
  }
  const command: RoomActs['command'] = (action) => void sendCommand(store, action)
  const vote = () => openVote(state())
  const openVoteSheet = (marks: Mark[]) => void mark(marks).then((done) => (done ? sheet('vote') : undefined))
  return {
    command,
    sheet,
    itemSheet: (id) => {
      store.sheetItem.value = id
      sheet('item')
    },
    mark: (marks, then) => (then === 'close' ? closing(marks) : void mark(marks)),
    open: (roll, call) =>
      closing(openingMarks(seed.council, seed.session, state(), { roll, call, attests: seed.person.attests }, official)),
    notHeld: (roll) =>
      closing([
        ...rollMarks(seed.council, seed.session, state(), { roll, attests: seed.person.attests }, official),
        { type: 'session.not-held', ground: 'no-quorum', cause: conduct.notHeldCause },
      ]),
    nextItem: () => {
      const next = nextItem(state())
      if (next) void mark([{ type: 'item.opened', item: next.item.id }])
    },
    item: (id) => {
      if (state().currentItem !== id) void mark([{ type: 'item.opened', item: id as ItemId }])
    },
    addUrgency: (title) => {
      const item = itemId.parse(newId())
      void mark([
        { type: 'item.added', item, kind: 'mocion', title },
        { type: 'item.opened', item },
      ]).then((done) => {
        const due = done ? voteOf(state(), seed.council, 'urgency') : undefined
        if (due?.mark) openVoteSheet([due.mark])
        else if (due) refuse(due.ruling)
      })
    },
    floor: (speaker) => void mark([floorMark(state(), speaker)]),
    heard: (speaker) => void mark(heardMarks(state(), speaker)),
    turn: (turn) => {
      const given = floorNow(state())?.event
      if (given?.type !== 'floor.given' || given.turn === turn) return
      const { at, mediaMs, speaker, id } = given
      void mark([{ type: 'floor.given', speaker, turn, corrects: id, at, ...(mediaMs === undefined ? {} : { mediaMs }) }])
    },
    moveMember: (member) => {
      const present = state().attendance[member] === 'present'
      void mark([{ type: present ? 'attendance.left' : 'attendance.arrived', member: member as MemberId }])
    },
    star: () => void mark([{ type: 'star' }]),
    vote: (purpose) => {
      if (vote()) {
        sheet('vote')
        return
      }
      const due = purpose === undefined ? voteToOpen(state(), seed.council) : voteOf(state(), seed.council, purpose)
      if (due.mark) openVoteSheet([due.mark])
      else refuse(due.ruling)
    },
    reopenVote: (purpose, kind) => {
      const open = vote()
      if (!open || (open.purpose === purpose && open.kind === kind)) return
      const { council, session } = seed
      const { marks, ruling } = reopenMarks(
        { state: state(), council, session },
        open,
        { purpose, kind },
        official.undoNote(official.marks.voteOpened),
      )
      if (marks.length > 0) void mark(marks)
      else refuse(ruling)
    },
    ballot: (member, sense) => {
      const open = vote()
      if (open) void mark([{ type: 'ballot.cast', vote: open.vote as EventOf<'ballot.cast'>['vote'], member: member as MemberId, sense }])
    },
    proclaim: (counted, outcome, casting) => {
      const open = vote()
      if (open) closing(proclaimMarks(open, counted, outcome, casting))
    },
    cancelVote: () => {
      const open = vote()
      const events = state().events.filter((one) => open?.events.includes(one.id))
      closing(undoMarks(events, official.undoNote(official.marks.voteOpened)))
    },
    closedHeld: () => {
      if (state().phase === 'closed-part') {
        void mark([{ type: 'closed.ended' }])
        return
      }
      const mayNow = nextAllowed(state(), closedMark(store, 'none'), seed.council).allowed
      if (mayNow && seed.council.closedPartRecording === 'none') closing([closedMark(store, 'none')])
      else sheet('closed')
    },
    closePart: (recording) => closing([closedMark(store, recording)]),
    finish: () => {
      const lifted = state().phase === 'open' || state().phase === 'recess'
      void (async () => {
        if (lifted && !(await mark([{ type: 'session.lifted' }]))) return
        const doing = ownProof(store.recorder.value, seed.session.id)?.state
        if (seed.session.recorded && doing !== undefined && doing !== 'idle' && doing !== 'stopped') command('stop')
        sheet(null)
      })()
    },
    undo: (act) => void store.undo(act).then((done) => done && outside.sent()),
    nudge: (act, byMs) => void store.nudge(act, byMs).then((done) => done && outside.sent()),
    understood: () => {
      const ids = store.marks.value.filter((one) => one.status === 'refused').map((one) => one.id)
      store.ruling.value = undefined
      if (store.trouble.value === 'command-failed' || store.trouble.value === 'no-screen') store.trouble.value = undefined
      store.marks.value = store.marks.value.filter((one) => one.status !== 'refused')
      void store.outbox?.forget(ids)
    },
    dismiss: () => {
      store.prompts.dismiss(store.clock.serverNow())
      store.nowMs.value = store.clock.serverNow()
    },
    lead: outside.lead,
    hand: outside.hand,
    showDraft: outside.showDraft,
    openScreen: () => void askForScreen(store),
  }
}

/** The beginning of a closed part, with the agreement that allows it (R17). */
function closedMark({ seed, state }: RoomStore, recording: 'none' | 'restricted'): Mark {
  const agreed = state.value.votes.findLast((one) => one.purpose === 'secret-debate' && one.outcome === 'approved')
  return {
    type: 'closed.began',
    ground: conductWords[seed.session.language].closedGround,
    recording,
    ...(agreed ? { vote: agreed.vote as EventOf<'ballot.cast'>['vote'] } : {}),
  }
}

/** A fresh address for the second screen; the ones before it stop working. */
async function askForScreen(store: RoomStore): Promise<void> {
  try {
    const response = await fetch(`${store.seed.paths.room}/pantalla`, { method: 'POST', signal: AbortSignal.timeout(10_000) })
    const said = (await response.json()) as { path?: unknown }
    if (!response.ok || typeof said.path !== 'string') throw new Error(`the server answered ${response.status}`)
    store.screen.value = said.path
  } catch (failure) {
    console.info('no second screen', failure)
    store.trouble.value = 'no-screen'
  }
}

/** Asks the recorder through the server. What it does shows in its proof, never here. */
async function sendCommand(store: RoomStore, action: Parameters<RoomActs['command']>[0]): Promise<void> {
  store.askedMs.value = store.clock.serverNow()
  store.trouble.value = undefined
  try {
    const asked = { id: newId(store.clock.serverNow()), action }
    const response = await new RoomHand(store.seed).post('gravador', asked, 10_000)
    if (response.ok) return
    store.trouble.value = response.status === 401 ? 'signed-out' : response.status === 428 ? 'pin-needed' : 'command-failed'
  } catch (failure) {
    console.info('the recorder could not be asked', failure)
    store.trouble.value = 'command-failed'
  }
  store.askedMs.value = undefined
}
