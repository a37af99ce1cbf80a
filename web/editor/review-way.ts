import { attributeSentences } from '../../minutes/attribute-speaker.ts'
import {
  ActaFrozenError,
  acceptSentences,
  expectEditable,
  expectUnchanged,
  ReviewConflictError,
  restoreVersion,
  rewriteSentence,
  SentenceRefusedError,
} from '../../minutes/review-acta.ts'
import { type Acta, sentencesOf, unaccepted } from '../../storage/model/acta.ts'
import { glossaryOf } from '../../storage/model/glossary.ts'
import type { CouncilId } from '../../storage/model/ids.ts'
import type { SessionStage } from '../../storage/model/session.ts'
import { ActaVersionError, listActaVersions, putActa, readActa } from '../../storage/records/actas.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import { readCouncil } from '../../storage/records/councils.ts'
import type { Tx } from '../../storage/records/database.ts'
import { findSession, readSession, readStage } from '../../storage/records/sessions.ts'
import { readTranscript } from '../../storage/records/transcripts.ts'
import { PageNotFoundError } from '../error-response.ts'
import type { Staff } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { actaSections, waitingOf } from './acta-sections.ts'
import type { Done } from './editor-view.ts'
import type { ReviewWanted } from './review-form.ts'
import { speakerInActa } from './speaker-choices.ts'
import { termsIn, withTerm } from './term-suggestions.ts'

/** How a change ended. `conflict`: another text was saved meanwhile, both are given back. */
export type ReviewOutcome =
  | { kind: 'done'; done: Done }
  | { kind: 'refused'; reason: SentenceRefusedError['reason'] }
  | { kind: 'frozen' }
  | { kind: 'stale' }
  | { kind: 'conflict'; sentence: string; theirs: string; yours: string }

/** Makes one change to the newest acta, judged by the version the person had read; it becomes a version of its own. */
export async function reviewActa(
  parts: Pick<WebParts, 'storage'>,
  council: CouncilId,
  slug: string,
  wanted: ReviewWanted,
  staff: Staff,
): Promise<ReviewOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await parts.storage.database.inCouncil(council, (tx) => reviewOnce(tx, slug, wanted, staff))
    } catch (error) {
      // Somebody saved between our reading and our writing: read again, and judge again.
      if (error instanceof ActaVersionError && attempt < 5) continue
      return outcomeOf(error, wanted)
    }
  }
}

async function reviewOnce(tx: Tx, slug: string, wanted: ReviewWanted, staff: Staff): Promise<ReviewOutcome> {
  const session = await findSession(tx, slug)
  const current = session && (await readActa(tx, session.id))
  const stage = session && (await readStage(tx, session.id))
  if (!session || !current || !stage) throw new PageNotFoundError()
  expectEditable(stage)
  const read = (await readActa(tx, session.id, wanted.version)) ?? current
  const next = await changedActa(tx, { current, read, stage }, wanted, staff)
  if (next === current) return { kind: 'done', done: { kind: 'nothing' } }
  await putActa(tx, next, staff.account)
  await writeAudit(tx, {
    by: staff.account,
    action: `acta-${wanted.act}`,
    object: `session ${session.id}`,
    result: `version ${next.version}`,
  })
  if (wanted.act === 'undo') return { kind: 'done', done: { kind: 'undone' } }
  if (wanted.act === 'attribute') return { kind: 'done', done: { kind: 'attributed' } }
  if (wanted.act === 'rewrite' || wanted.act === 'take-term') return { kind: 'done', done: { kind: 'rewritten' } }
  return { kind: 'done', done: { kind: 'accepted', count: unaccepted(current).length - unaccepted(next).length } }
}

interface Versions {
  current: Acta
  read: Acta
  stage: SessionStage
}

async function changedActa(tx: Tx, { current, read, stage }: Versions, wanted: ReviewWanted, staff: Staff): Promise<Acta> {
  switch (wanted.act) {
    case 'accept':
      expectUnchanged(read, current, [wanted.sentence])
      return acceptSentences(current, [wanted.sentence], staff.name, Date.now())
    case 'accept-all': {
      // Only what the person had before them: a sentence that came since is not accepted unseen.
      const seen = actaSections(read).find((one) => one.key === wanted.punto)
      const ids = seen ? waitingOf(seen).map((one) => one.id) : []
      expectUnchanged(read, current, ids)
      return acceptSentences(current, ids, staff.name, Date.now())
    }
    case 'rewrite':
      expectUnchanged(read, current, [wanted.sentence])
      return rewriteSentence(current, wanted.sentence, wanted.text, staff.name, {
        ms: Date.now(),
        stage,
        ...(wanted.other === undefined ? {} : { other: wanted.other }),
      })
    case 'take-term': {
      expectUnchanged(read, current, [wanted.sentence])
      const text = await textWithTerm(tx, current, wanted)
      return text === undefined ? current : rewriteSentence(current, wanted.sentence, text, staff.name, { ms: Date.now(), stage })
    }
    case 'attribute': {
      const turnOf = (of: Acta) =>
        of.blocks.find((block) => block.kind === 'turn' && block.sentences.some((one) => one.id === wanted.sentences[0]))
      const [before, now] = [turnOf(read), turnOf(current)]
      // Somebody else has answered meanwhile.
      if (before?.kind === 'turn' && now?.kind === 'turn' && before.attributedAtMs !== now.attributedAtMs) throw new ReviewConflictError([])
      const council = await readCouncil(tx)
      if (!council) throw new SentenceRefusedError('missing', wanted.sentences[0] ?? '')
      const to = speakerInActa(wanted.speaker, council, current.language)
      if (!to) throw new SentenceRefusedError('missing', wanted.sentences[0] ?? '')
      return attributeSentences(current, wanted.sentences, { ...to, by: staff.name, atMs: Date.now() })
    }
    case 'undo': {
      const versions = await listActaVersions(tx, current.session)
      const earlier = current.version > 1 ? await readActa(tx, current.session, current.version - 1) : undefined
      const own = versions.at(-1)?.by === staff.account
      if (read.version !== current.version || !earlier || !own) throw new ReviewConflictError([])
      return restoreVersion(current, earlier)
    }
    case 'none':
      return current
  }
}

/** A sentence with the name that was suggested for a word of it; undefined when that suggestion is not there any more. */
async function textWithTerm(tx: Tx, of: Acta, wanted: { sentence: string; word: string }): Promise<string | undefined> {
  const council = await readCouncil(tx)
  const session = await readSession(tx, of.session)
  const transcript = (await readTranscript(tx, of.session))?.transcript
  const sentence = of.blocks.flatMap(sentencesOf).find((one) => one.id === wanted.sentence)
  if (!council || !session || !sentence) throw new SentenceRefusedError('missing', wanted.sentence)
  const suggestion = termsIn(sentence, transcript, glossaryOf(council, session)).find((one) => one.word === wanted.word)
  return suggestion && withTerm(sentence.text, suggestion)
}

/** The errors a person can do something about; others are ours and go on. */
function outcomeOf(error: unknown, wanted: ReviewWanted): ReviewOutcome {
  if (error instanceof ActaFrozenError) return { kind: 'frozen' }
  if (error instanceof SentenceRefusedError) return { kind: 'refused', reason: error.reason }
  if (error instanceof ReviewConflictError) {
    const [theirs] = error.current
    if (wanted.act !== 'rewrite' || !theirs) return { kind: 'stale' }
    return { kind: 'conflict', sentence: wanted.sentence, theirs: theirs.text, yours: wanted.text }
  }
  throw error
}
