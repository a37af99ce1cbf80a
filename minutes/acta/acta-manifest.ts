import { type BlockTree, makeBlockTree } from '../../storage/custody/block-tree.ts'
import { votesHash } from '../../storage/custody/event-log.ts'
import { treeOrigin } from '../../storage/custody/journal-tree.ts'
import { logOrigin } from '../../storage/custody/log.ts'
import type { ActaManifest } from '../../storage/custody/manifests.ts'
import type { Acta } from '../../storage/model/acta.ts'
import type { Council } from '../../storage/model/council.ts'
import type { RecorderJournal } from '../../storage/model/recording-of-record.ts'
import type { Session } from '../../storage/model/session.ts'
import type { SessionEvent } from '../../storage/model/session-events.ts'
import { sessionState } from '../../storage/model/session-state.ts'
import type { Transcript } from '../../storage/model/transcript.ts'
import type { EnrolledRecorder } from '../../storage/records/recorders.ts'
import { leavesOfSpan } from '../recording/recording-facts.ts'

/** What an acta rests on when it is frozen. */
export interface ActaGrounds {
  council: Council
  session: Session
  acta: Acta
  events: SessionEvent[]
  /** SHA-256 of the frozen events.jsonl, and of the other files; null where the session has none. */
  hashes: {
    events: string
    recordingManifest: string | null
    transcript: string | null
    captions: { language: 'gl' | 'es'; sha256: string }[]
  }
  transcript?: Transcript
  journals: RecorderJournal[]
  recorders: EnrolledRecorder[]
}

/** The block tree of acta and transcript, and the manifest that names everything the acta rests on (contracts.md §3). */
export function actaManifestOf(grounds: ActaGrounds): { manifest: ActaManifest; blocks: BlockTree } {
  const { council, session, acta, hashes, transcript } = grounds
  const blocks = makeBlockTree([...acta.blocks, ...(transcript?.utterances ?? [])])
  const state = sessionState(grounds.events, council, session)
  const agenda = state.items.map(({ item, spans }) => {
    const [first] = spans
    const toMs = spans.at(-1)?.toMs
    return {
      item: item.id,
      title: item.title[acta.language],
      ...(first ? { fromMs: first.fromMs } : {}),
      ...(toMs === undefined ? {} : { toMs }),
      leaves: spans.flatMap((span) => leavesOf(grounds, span.fromMs, span.toMs ?? span.fromMs)),
    }
  })
  const manifest: ActaManifest = {
    v: 1,
    version: 1,
    council: council.dir3,
    session: session.id,
    recordingManifest: hashes.recordingManifest,
    transcript: hashes.transcript,
    captions: hashes.captions,
    events: hashes.events,
    votes: votesHash(grounds.events),
    agenda,
    engine: transcript?.engine ?? null,
    model: transcript?.model ?? null,
    blocks: blocks.root,
    log: logOrigin(council.dir3),
  }
  return { manifest, blocks }
}

/** Every recorder's leaves of that time: what is not of record proves it too. */
function leavesOf({ council, session, journals }: ActaGrounds, fromMs: number, toMs: number) {
  return journals.flatMap(({ recorder, lines }) => {
    const leaves = leavesOfSpan(lines, fromMs, toMs)
    return leaves ? [{ origin: treeOrigin(council.dir3, session.id, recorder), ...leaves }] : []
  })
}
