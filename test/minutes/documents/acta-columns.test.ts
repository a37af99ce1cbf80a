import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderActaPdf } from '../../../minutes/documents/acta-pdf.ts'
import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import { sentencesOf } from '../../../storage/model/acta.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { openedSession } from '../../fixtures/council/marked-session.ts'
import { materialOf } from '../draft/said.ts'
import { sampleActa } from './sample-acta.ts'

let folder: string
let acta: ReturnType<typeof draftActa>
const long = Array.from({ length: 400 }, (_, n) => `palabra${n}`).join(' ')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-acta-columns-'))
  const { council, session, events, mark, decide, members, item } = openedSession(9)
  mark({ type: 'floor.given', speaker: members[1], turn: 'first' })
  mark({ type: 'floor.ended' })
  decide([9, 0, 0], 'approved')
  mark({ type: 'session.lifted' })
  const titled = {
    ...session,
    agenda: session.agenda.map((one) => ({
      ...one,
      title: { gl: 'Taxa do lixo', es: 'Tasa de basuras' },
      proposal: { gl: 'Aprobar a taxa.', es: 'Aprobar la tasa.' },
    })),
  }
  const drafted = draftActa(
    materialOf({ ...council, bilingualActa: true }, titled, events, {
      durationMs: 60_000,
      format: 'MP4',
      sha256: 'ab'.repeat(32),
      gaps: [],
    }),
  )
  const at = drafted.blocks.findIndex((block) => block.kind === 'vote')
  const spoken = (id: string, text: string, language: 'gl' | 'es') => ({
    id,
    text,
    language,
    origin: 'person' as const,
    sources: [],
    acceptedBy: 'secretary',
  })
  const turn = {
    kind: 'turn' as const,
    id: 'turn',
    item: item as never,
    speaker: 'Sra. Castro',
    sentences: [spoken('t1', 'Votamos a favor.', 'gl'), spoken('t2', 'Yo discrepo.', 'es')],
  }
  acta = { ...drafted, blocks: drafted.blocks.toSpliced(at, 0, turn) }
  const { addresses, manifest, createdAt } = sampleActa({ items: 1 })
  const print = (of: typeof acta) => renderActaPdf({ acta: of, council, session: titled, addresses, manifest, createdAt })
  await writeFile(join(folder, 'acta.pdf'), await print(acta))
  const spokenLong = { ...turn, sentences: [spoken('t1', long, 'gl')] }
  await writeFile(join(folder, 'long.pdf'), await print({ ...drafted, blocks: [spokenLong] }))
})
afterAll(() => rm(folder, { recursive: true }))

async function said(program: string, ...args: string[]): Promise<string> {
  return new TextDecoder().decode((await runProgram(program, args, { cwd: folder, timeoutMs: 60_000 })).stdout)
}

test('R10: a bilingual acta has each sentence in both languages, and what was said in the debate as it was said', () => {
  const stated = acta.blocks.filter((block) => block.kind !== 'turn').flatMap(sentencesOf)
  expect(stated.filter((one) => one.other === undefined && !/^(Sra?\.) /.test(one.text))).toEqual([])
  expect(stated.find((one) => one.id === 'constitution.1')?.other).toMatch(/^Comprobado el quórum/)
  expect(acta.blocks.flatMap((block) => (block.kind === 'item' ? [block.heading, block.otherHeading] : []))).toEqual([
    'Taxa do lixo',
    'Tasa de basuras',
  ])
})

test('R10: in print the two stand side by side at one height, Galician at the left, and are read one after the other in their language', async () => {
  await said('qpdf', '--check', 'acta.pdf')
  const lines = (await said('pdftotext', '-enc', 'UTF-8', '-bbox', 'acta.pdf', '-')).split('\n')
  const placesOf = (word: string) =>
    lines.flatMap((line) =>
      [...line.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)".*?>([^<]+)<\/word>/g)]
        .filter((one) => one[3] === word)
        .map((one) => ({ x: Number(one[1]), y: Number(one[2]) })),
    )
  const [gl, es] = [placesOf('acorda:').at(-1), placesOf('acuerda:').at(-1)]
  expect(gl && es && [Math.abs(gl.y - es.y) < 1, gl.x < 330, es.x > 330]).toEqual([true, true, true])
  const order = (await said('pdfinfo', '-struct-text', 'acta.pdf')).replace(/"\s+"/g, ' ').replace(/\s+/g, ' ')
  expect(order).toMatch(
    /ACTA DA SESIÓN.*ACTA DE LA SESIÓN.*a Presidencia declara aberta.*la Presidencia declara abierta.*Taxa do lixo.*Tasa de basuras.*O Pleno acorda:.*El Pleno acuerda:.*E non habendo.*Y no habiendo/,
  )
  expect(order).toContain('Intervención en gallego: consta como se dijo.')
  expect(order.match(/ H1 \(block\)/g)).toHaveLength(2)
})

test('R10: a long intervention goes over to the next page and loses no word', async () => {
  const words = (await said('pdftotext', '-enc', 'UTF-8', 'long.pdf', '-')).match(/palabra\d+/g)
  expect(words).toHaveLength(400)
  expect(new Set(words).size).toBe(400)
  const pages = (await said('pdftotext', '-enc', 'UTF-8', 'long.pdf', '-')).split('\f').filter((one) => /palabra\d/.test(one))
  expect(pages.length).toBeGreaterThanOrEqual(2)
})
