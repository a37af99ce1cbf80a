import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import type { ChamberNotes } from '../../../storage/model/chamber-notes.ts'
import { newId } from '../../../storage/model/ids.ts'
import { judge } from '../../../storage/model/law/judge.ts'
import type { OpenMicrophone } from '../../../storage/model/microphone-events.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import type { Ruling } from '../../../storage/model/session-rules.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import type { DraftedLine } from '../../portal/drafted-lines.ts'
import { controlWords } from '../../words/staff-words.ts'
import { type HeardSpeakers, heardSpeakers, keepPlaces } from '../heard-speakers.ts'
import { markSentence } from '../mark-sentence.ts'
import { isForGood, type Mark, nudgeMarks, takeOverMarks, undoMarks } from '../marks.ts'
import { mediaPlace, recordingEnded, stripWord } from '../recorder-strip.ts'
import type { RecorderSight, RoomSeed } from '../room.ts'
import type { RoomModel, Sheet } from '../room-model.ts'
import { leadOf } from '../room-protocol.ts'
import type { KeptMark, LastSight, Outbox } from './outbox.ts'
import { closingMs, recentActs, refusedActs, standingOf } from './recent-marks.ts'
import type { EventRow, LeadSaid } from './room-link.ts'
import { RoomPrompts } from './room-prompts.ts'
import type { TabletClock } from './tablet-clock.ts'

/** What the tablet knows: the server's events, its own marks, the recorder's last word. Everything shown is computed from it. */
export class RoomStore {
  readonly seed: RoomSeed
  readonly clock: TabletClock
  readonly events = signal<ReadonlyMap<string, SessionEvent>>(new Map())
  readonly marks = signal<readonly KeptMark[]>([])
  readonly recorder
  readonly notes = signal<ChamberNotes | undefined>(undefined)
  readonly linked = signal(true)
  /** It is the recorder's own machine that answers: there is no line to the server. */
  readonly chamber = signal(false)
  readonly microphones = signal<{ open: readonly OpenMicrophone[]; placed: readonly (OpenMicrophone | null)[] }>({
    open: [],
    placed: keepPlaces([], []),
  })
  readonly sheet = signal<Sheet | null>(null)
  readonly sheetItem = signal<string | undefined>(undefined)
  readonly lead = signal<LeadSaid | undefined>(undefined)
  readonly leftHand = signal(false)
  readonly draftShown = signal(true)
  readonly drafted = signal<readonly DraftedLine[]>([])
  readonly screen = signal<string | undefined>(undefined)
  readonly prompts = new RoomPrompts()
  readonly ruling = signal<RoomModel['ruling']>(undefined)
  readonly trouble = signal<RoomModel['trouble']>(undefined)
  readonly askedMs = signal<number | undefined>(undefined)
  readonly nowMs = signal(0)
  readonly slowPeakDb = signal<number | null>(null)
  readonly ready = signal(false)
  readonly state
  readonly model: ReadonlySignal<RoomModel>
  outbox: Outbox | undefined
  lastRow = 0
  lagMs = 0
  #lagKnown = false

  constructor(seed: RoomSeed, clock: TabletClock) {
    this.seed = seed
    this.clock = clock
    this.recorder = signal<RecorderSight>(seed.recorder)
    this.notes.value = seed.notes
    this.nowMs.value = seed.serverMs
    this.receive(seed.events)
    this.state = computed(() => {
      const known = this.events.value
      // What the server took counts as it has it: who marked, and from which device, it says itself (R11).
      const own = this.marks.value.filter((one) => one.status !== 'refused' && !known.has(one.id)).map((one) => one.event)
      return sessionState([...known.values(), ...own], seed.council, seed.session)
    })
    this.model = computed(() => this.#model())
  }

  receive(rows: readonly EventRow[]): void {
    const known = new Map(this.events.value)
    for (const { row, event } of rows) {
      known.set(event.id, event)
      this.lastRow = Math.max(this.lastRow, row)
    }
    this.events.value = known
  }

  see(recorder: RecorderSight): void {
    const { proof, sightMs } = recorder
    if (proof && sightMs !== undefined && proof.atWallMs > 0) {
      const lag = sightMs - proof.atWallMs
      this.lagMs = this.#lagKnown ? Math.min(this.lagMs, lag) : lag
      this.#lagKnown = true
    }
    batch(() => {
      if (proof?.state !== this.recorder.value.proof?.state) this.askedMs.value = undefined
      this.prompts.see(recorder, this.clock.serverNow())
      this.recorder.value = recorder
    })
  }

  hear(open: readonly OpenMicrophone[]): void {
    this.microphones.value = { open, placed: keepPlaces(this.microphones.value.placed, open) }
  }

  restore(marks: readonly KeptMark[], sight: LastSight | undefined): void {
    this.marks.value = marks
    if (!sight) return
    this.clock.restore(sight.clockOffsetMs)
    this.lagMs = sight.lagMs
    this.#lagKnown = true
    if ((sight.recorder.sightMs ?? 0) > (this.recorder.value.sightMs ?? 0)) this.recorder.value = sight.recorder
  }

  get sight(): LastSight {
    return { recorder: this.recorder.value, lagMs: this.lagMs, clockOffsetMs: this.clock.offsetMs }
  }

  /** Marks that changed in the outbox take their new state. */
  settle(changed: readonly KeptMark[]): void {
    const byId = new Map(changed.map((one) => [one.id, one]))
    this.marks.value = this.marks.value.map((one) => byId.get(one.id) ?? one)
  }

  /**
   * Marks one act: asks the law, keeps the events on the disk, then shows them.
   * @param act joins the marks to those of an act that was marked before
   * @returns whether it was marked; when not, `ruling` or `trouble` says why
   */
  async mark(marks: readonly Mark[], act: string = newId()): Promise<boolean> {
    const takeOver = takeOverMarks(this.state.value, this.seed.person.attests)
    if (takeOver.length > 0 && marks[0]?.type !== 'role.taken') await this.mark(takeOver)
    const tappedMs = this.clock.serverNow()
    const at = this.clock.now(this.lagMs)
    const mediaMs = mediaPlace(this.recorder.value, this.seed.session.id, tappedMs, this.lagMs)
    const build = (device: string, firstSeq: number) =>
      marks.map(
        (mark, index) =>
          ({
            v: 1,
            id: newId(at.wallMs),
            session: this.seed.session.id,
            device,
            seq: firstSeq + index,
            by: { role: this.seed.person.role, id: this.seed.person.id },
            at,
            ...(mediaMs === undefined ? {} : { mediaMs }),
            ...mark,
          }) as SessionEvent,
      )
    const refusal = this.#refusalOf(build('asking', 1))
    this.ruling.value = refusal
    if (refusal) return false
    if (!this.outbox) {
      this.trouble.value = 'cannot-store'
      return false
    }
    try {
      const kept = await this.outbox.add(act, build)
      this.marks.value = [...this.marks.value, ...kept]
      return true
    } catch (cause) {
      console.error('a mark could not be kept on this tablet', cause)
      this.trouble.value = 'cannot-store'
      return false
    }
  }

  async undo(act: string): Promise<boolean> {
    const of = standingOf(act, this.marks.value, this.state.value)
    if (of.some(isForGood)) return false
    const { council, session } = this.seed
    const sentence = markSentence(of, council, this.state.value, session.language)
    return of.length > 0 && (await this.mark(undoMarks(of, controlWords[session.language].undoNote(sentence))))
  }

  /** Moves an act in time; nothing is changed, what is marked anew takes its place. */
  async nudge(act: string, byMs: number): Promise<boolean> {
    const of = standingOf(act, this.marks.value, this.state.value)
    return of.length > 0 && !of.some(isForGood) && (await this.mark(nudgeMarks(of, byMs), act))
  }

  #refusalOf(events: readonly SessionEvent[]): Extract<Ruling, { allowed: false }> | undefined {
    const { council, session } = this.seed
    const ruling = judge(events, this.state.value.events, { council, session })
    return ruling.allowed ? undefined : ruling
  }

  #heard(nowMs: number): HeardSpeakers {
    const { open, placed } = this.microphones.value
    const { council, session } = this.seed
    return heardSpeakers(open, placed, { council, session, state: this.state.value }, nowMs)
  }

  #drafted(): RoomModel['drafted'] {
    const [shown, lines] = [this.draftShown.value, this.drafted.value]
    if (!shown) return { shown, lines: [] }
    return lines.length > 0 && this.state.value.phase === 'open' ? { shown, lines } : undefined
  }

  #model(): RoomModel {
    const { seed } = this
    const nowMs = this.nowMs.value
    const asked = this.askedMs.value
    const recorder = this.recorder.value
    const marks = this.marks.value
    const state = this.state.value
    const told = { council: seed.council, state, language: seed.language }
    const lead = leadOf(this.outbox?.device, this.lead.value)
    const word = stripWord({
      session: seed.session,
      recorder,
      ended: recordingEnded(state.events),
      linked: this.linked.value,
      nowMs,
      ...(asked === undefined ? {} : { askedMs: asked }),
    })
    return {
      seed,
      state,
      recorder,
      notes: this.notes.value,
      word,
      linked: this.linked.value,
      alone: this.chamber.value && this.linked.value ? { kept: marks.filter((one) => one.status === 'kept').length } : undefined,
      nowMs,
      mediaMs: mediaPlace(recorder, seed.session.id, nowMs, this.lagMs),
      slowPeakDb: this.slowPeakDb.value,
      sheet: this.sheet.value,
      sheetItem: this.sheetItem.value,
      heard: seed.microphones ? this.#heard(nowMs) : undefined,
      recent: recentActs(marks, told),
      pending: marks.filter((one) => one.status === 'pending').length,
      refused: refusedActs(marks, told),
      ruling: this.ruling.value,
      trouble: this.trouble.value,
      closingMs: closingMs(marks, state, nowMs),
      prompt: this.prompts.now(seed.session, state, word, nowMs),
      lead,
      leftHand: this.leftHand.value,
      drafted: this.#drafted(),
      screen: this.screen.value,
      ready: this.ready.value && lead.mine,
    }
  }
}
