import type { Council } from '../../../storage/model/council.ts'
import type { Session } from '../../../storage/model/session.ts'
import { putDraftTurn } from '../../../storage/records/draft-transcripts.ts'
import type { Storage } from '../../../storage/storage.ts'

/** Turns of the draft, of two seconds each, as the transcriber leaves them while the session runs: «Dito aos 50 s.» */
export async function putDrafted(storage: Storage, of: { council: Council; session: Session }, places: number[]): Promise<void> {
  const spoken = {
    speaker: { id: 'alcaldesa', confidence: 1, source: 'microphone' as const },
    ...{ language: 'gl' as const, languageConfidence: null, status: 'ok' as const, guards: [] },
  }
  const made = { engine: { name: 'e', build: 'b' }, model: { name: 'm', sha256: '0'.repeat(64) } }
  await storage.database.inCouncil(of.council.id, async (tx) => {
    for (const fromMs of places) {
      const place = { fromMs, toMs: fromMs + 2000 }
      const words = `Dito aos ${fromMs / 1000} s.`
        .split(' ')
        .map((text, at) => ({ id: `w${at}`, text, ...place, probability: 0.9, method: 'token' as const }))
      const key = String(fromMs).padStart(64, '0')
      const utterances = [{ id: 'u1', ...place, ...spoken, words }]
      const kept = await putDraftTurn(tx, of.session.id, { draft: true, key, ...place, ...made, utterances })
      if (!kept) throw new Error('a session that is not being recorded has no draft')
    }
  })
}
