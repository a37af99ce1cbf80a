import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import { newId } from '../../../storage/model/ids.ts'
import { correctedMs, type SessionEvent } from '../../../storage/model/session-events.ts'
import { nextAllowed, type Ruling } from '../../../storage/model/session-rules.ts'
import { sessionState } from '../../../storage/model/session-state.ts'
import { controlWords } from '../../words/staff-words.ts'
import { type Mark, markSentence, undoMarks } from '../marks.ts'
import { mediaPlace, recordingEnded, stripWord } from '../recorder-strip.ts'
import type { RecorderSight, RoomSeed } from '../room.ts'
import type { RoomModel, Sheet } from '../room-model.ts'
import type { KeptMark, LastSight, Outbox } from './outbox.ts'
import type { EventRow } from './room-link.ts'
import type { TabletClock } from './tablet-clock.ts'

const shownActs = 5

/** What the tablet knows: the server's events, its own marks, the recorder's last word. Everything shown is computed from it. */
export class RoomStore {
  readonly seed: RoomSeed
  readonly clock: TabletClock
  readonly events = signal<ReadonlyMap<string, SessionEvent>>(new Map())
  readonly marks = signal<readonly KeptMark[]>([])
  readonly recorder
  readonly linked = signal(true)
  readonly sheet = signal<Sheet | null>(null)
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
    this.nowMs.value = seed.serverMs
    this.receive(seed.events)
    this.state = computed(() => {
      const own = this.marks.value.filter((one) => one.status !== 'refused').map((one) => one.event)
      return sessionState([...this.events.value.values(), ...own], seed.council, seed.session)
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
      this.recorder.value = recorder
    })
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
   * @returns whether it was marked; when not, `ruling` or `trouble` says why
   */
  async mark(marks: readonly Mark[]): Promise<boolean> {
    const tappedMs = this.clock.serverNow()
    const at = this.clock.now(this.lagMs)
    const mediaMs = mediaPlace(this.recorder.value, this.seed.session.id, tappedMs, this.lagMs)
    const act = newId()
    const build = (device: string, firstSeq: number) =>
      marks.map(
        (mark, index) =>
          ({
            ...mark,
            v: 1,
            id: newId(at.wallMs),
            session: this.seed.session.id,
            device,
            seq: firstSeq + index,
            by: { role: this.seed.person.role, id: this.seed.person.id },
            at,
            ...(mediaMs === undefined ? {} : { mediaMs }),
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
    const of = this.marks.value.filter((one) => one.act === act && one.status !== 'refused').map((one) => one.event)
    const words = controlWords[this.seed.session.language]
    const sentence = markSentence(of, this.seed.council, this.state.value, words, this.seed.session.language)
    return await this.mark(undoMarks(of, words.undoNote(sentence)))
  }

  #refusalOf(events: readonly SessionEvent[]): Extract<Ruling, { allowed: false }> | undefined {
    const { council, session } = this.seed
    let before = [...this.state.value.events]
    for (const event of events) {
      const ruling = nextAllowed(sessionState(before, council, session), event, council)
      if (!ruling.allowed) return ruling
      before = [...before, event]
    }
    return undefined
  }

  #model(): RoomModel {
    const { seed } = this
    const nowMs = this.nowMs.value
    const asked = this.askedMs.value
    const recorder = this.recorder.value
    const marks = this.marks.value
    return {
      seed,
      state: this.state.value,
      recorder,
      word: stripWord({
        session: seed.session,
        recorder,
        ended: recordingEnded(this.state.value.events),
        linked: this.linked.value,
        nowMs,
        ...(asked === undefined ? {} : { askedMs: asked }),
      }),
      linked: this.linked.value,
      nowMs,
      mediaMs: mediaPlace(recorder, seed.session.id, nowMs, this.lagMs),
      slowPeakDb: this.slowPeakDb.value,
      sheet: this.sheet.value,
      recent: this.#recent(),
      pending: marks.filter((one) => one.status === 'pending').length,
      refused: this.#refused(),
      ruling: this.ruling.value,
      trouble: this.trouble.value,
      ready: this.ready.value,
    }
  }

  /** Acts of this tablet that stand, the newest first; what took another back is none. */
  #recent(): RoomModel['recent'] {
    const standing = new Set(this.state.value.events.map((one) => one.id as string))
    const acts = new Map<string, SessionEvent[]>()
    for (const { act, event, status } of this.marks.value) {
      if (status === 'refused' || event.corrects !== undefined || !standing.has(event.id)) continue
      acts.set(act, [...(acts.get(act) ?? []), event])
    }
    return [...acts]
      .reverse()
      .slice(0, shownActs)
      .map(([act, events]) => ({ act, sentence: this.#sentence(events), atMs: correctedMs(events[0] as SessionEvent) }))
  }

  #refused(): RoomModel['refused'] {
    const acts = new Map<string, KeptMark[]>()
    for (const mark of this.marks.value) if (mark.refusal) acts.set(mark.act, [...(acts.get(mark.act) ?? []), mark])
    return [...acts.values()].flatMap((marks) => {
      const refusal = marks[0]?.refusal
      if (!refusal) return []
      const sentence = this.#sentence(marks.map((one) => one.event))
      return [{ ids: marks.map((one) => one.id), sentence, reason: refusal.reason[this.seed.language], article: refusal.article }]
    })
  }

  #sentence(events: readonly SessionEvent[]): string {
    const { council, language } = this.seed
    return markSentence(events, council, this.state.value, controlWords[language], language)
  }
}
