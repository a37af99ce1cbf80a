import type { VerifyPageData } from '../page-data.ts'
import { showAnswer, showProgress } from './answer.ts'
import { element, pageData } from './page-element.ts'
import { findSegment } from './segment-place.ts'

/** Checks a file that never leaves the device: its hash against what was published, and an acta's signatures besides. */
const data = pageData<VerifyPageData>()
const drop = element('drop')
const input = element('file')
drop.hidden = false

if (input instanceof HTMLInputElement) {
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) void check(file.name, file)
  })
}
for (const kind of ['dragenter', 'dragover'] as const) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault()
    drop.classList.add('over')
  })
}
drop.addEventListener('dragleave', () => drop.classList.remove('over'))
drop.addEventListener('drop', (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  const file = event.dataTransfer?.files[0]
  if (file) void check(file.name, file)
})
document.getElementById('this-acta')?.addEventListener('click', async () => {
  showProgress(data.say.reading, 0)
  const answer = data.acta ? await fetch(data.acta.href, { cache: 'no-store' }).catch(() => undefined) : undefined
  if (answer?.ok) await check('acta.pdf', await answer.blob())
  else showAnswer('warn', data.say.failed, [], data)
})

async function check(name: string, file: Blob): Promise<void> {
  const found = await hashOf(file).catch(() => undefined)
  if (found === undefined) return showAnswer('warn', data.say.unread, [], data)
  const details: [string, string][] = [
    [data.say.file, name],
    [data.say.hash, found],
  ]
  if (found === data.acta?.sha256) return checkSignatures(file, details)
  if (found === data.master?.sha256) return showAnswer('good', data.say.master, details, data)
  const place = await findSegment(data, found)
  if (!place) return showAnswer('bad', data.say.unknown, details, data)
  const [heading, sentence] = data.say.segment
  showAnswer('good', [heading, sentence.replace('{from}', place.from).replace('{to}', place.to)], details, data)
}

/** Hashes while it reads, so that a recording of hours fits any memory. */
async function hashOf(file: Blob): Promise<string> {
  const { startSha256, toHex } = await import('../../../storage/custody/sha256.ts')
  const hash = startSha256()
  let read = 0
  showProgress(data.say.reading, 0)
  const reader = file.stream().getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    hash.update(piece.value)
    read += piece.value.length
    showProgress(data.say.reading, Math.floor((100 * read) / Math.max(1, file.size)))
  }
  return toHex(hash.digest())
}

/** The very verifier that `escano verify` runs, in this browser. */
async function checkSignatures(file: Blob, details: [string, string][]): Promise<void> {
  showProgress(data.say.checking, undefined)
  try {
    const [{ verifyActa }, { verifyWords }, trust] = await Promise.all([
      import('../../../minutes/verify/verify-export.ts'),
      import('../../../minutes/verify/verify-words.ts'),
      readTrust(),
    ])
    const verification = await verifyActa(new Uint8Array(await file.arrayBuffer()), trust)
    const answer = verification.authentic ? data.say.acta : data.say.bad
    const names = verifyWords[data.language].checks
    const checks = verification.checks.map((one): [string, string] => [`${one.ok ? '✓' : '✗'} ${names[one.code] ?? one.code}`, one.detail])
    showAnswer(verification.authentic ? 'good' : 'bad', answer, [...details, ...checks], data)
  } catch (cause) {
    console.error(cause)
    showAnswer('warn', data.say.failed, details, data)
  }
}

async function readTrust() {
  const { trustFile } = await import('../../../storage/custody/trust.ts')
  const answer = await fetch(data.trust)
  if (!answer.ok) throw new Error(`the trust anchors answered ${answer.status}`)
  return trustFile.parse(await answer.json())
}
