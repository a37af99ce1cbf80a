import { recordingFacts } from '../../minutes/recording/recording-facts.ts'
import type { Verification } from '../../storage/custody/trust.ts'
import { isSegmentLine } from '../../storage/model/recording.ts'
import type { Session } from '../../storage/model/session.ts'
import { readCheckpoints } from '../../storage/records/council-log.ts'
import { readDocuments } from '../../storage/records/documents.ts'
import { readHeads, readJournal } from '../../storage/records/journal.ts'
import { readTranscript } from '../../storage/records/transcripts.ts'
import type { Storage } from '../../storage/storage.ts'
import { countPages } from './count-pages.ts'
import type { PreparedDemo } from './prepare-demo.ts'

/** What `escano demo --json` prints (design.md §3): every figure is read back from what was kept. */
export async function demoReport(storage: Storage, demo: PreparedDemo, session: Session, out: string, verification: Verification) {
  return await storage.database.inCouncil(demo.council.id, async (tx) => {
    const lines = (await readJournal(tx, session.id)).map((line) => line.content)
    const facts = recordingFacts(lines)
    const heads = await readHeads(tx, session.id)
    const transcript = (await readTranscript(tx, session.id))?.transcript
    const pdfs = await readDocuments(tx, session.id, 'acta-pdf')
    const checkpoints = await readCheckpoints(tx)
    const pdf = pdfs.at(-1)
    const bytes = pdf ? await storage.objects.read(pdf.key, pdf.version) : new Uint8Array()
    return {
      session: session.slug,
      out,
      recording: {
        seconds: facts.durationMs / 1000,
        segments: lines.filter(isSegmentLine).length,
        gaps: facts.gaps.length,
        treeRoot: heads.at(-1)?.rootHex ?? null,
      },
      transcript: {
        utterances: transcript?.utterances.length ?? 0,
        words: transcript?.utterances.reduce((sum, one) => sum + one.words.length, 0) ?? 0,
        model: transcript?.model?.name ?? null,
      },
      // The first revision carries the council's seal alone; each later one is a person's signature more.
      acta: { pdf: 'acta.pdf', pages: await countPages(bytes), signatures: Math.max(0, pdfs.length - 1) },
      custody: {
        logSize: checkpoints.at(-1)?.size ?? 0,
        timestamps:
          heads.filter((head) => head.tokenBase64 !== undefined).length + checkpoints.filter((one) => one.tokenBase64 !== undefined).length,
      },
      verify: {
        authentic: verification.authentic,
        trust: verification.trust,
        checks: verification.checks.map(({ code, ok }) => ({ code, ok })),
      },
    }
  })
}
