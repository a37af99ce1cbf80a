import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Trust, trustFile } from '../../storage/custody/trust.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { type Files, forgerySuite } from '../minutes/verify/forgeries.ts'
import { missingProgram } from '../servers/missing-program.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { cmsVerifyArguments } from '../servers/openssl-cms.ts'
import { escano, repository } from './escano.ts'

let folder: string
let out: string
let report: Record<string, never> & { [key: string]: never }
let trust: Trust

/** The whole way is walked once; everything below looks at what it left. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-journey-'))
  out = join(folder, 'export')
  const done = await escano(['demo', '--out', out, '--json'], { ESCANO_KEYS: join(folder, 'keys') })
  if (done.exitCode !== 0) throw new Error(`escano demo ended with ${done.exitCode}: ${done.stderrTail}`)
  report = JSON.parse(new TextDecoder().decode(done.stdout))
  trust = trustFile.parse(JSON.parse(await readFile(join(folder, 'keys', 'trust.json'), 'utf8')))
}, 300_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('escano demo --json', () => {
  test('prints every field that others rely on, and the figures are those of the sample session', () => {
    expect(report).toMatchObject({
      out,
      recording: { gaps: 0, treeRoot: expect.stringMatching(/^[0-9a-f]{64}$/) },
      transcript: { model: 'escano-fixture-whisper' },
      acta: { pdf: 'acta.pdf', signatures: 2 },
      verify: { authentic: true, trust: 'demo' },
    })
    const { recording, transcript, acta, custody, verify } = report as never as {
      recording: { seconds: number; segments: number }
      transcript: { utterances: number; words: number }
      acta: { pages: number }
      custody: { logSize: number; timestamps: number }
      verify: { checks: { code: string; ok: boolean }[] }
    }
    expect(recording.seconds).toBeGreaterThan(200)
    expect(recording.segments).toBeGreaterThanOrEqual(50)
    expect(transcript.utterances).toBeGreaterThan(30)
    expect(transcript.words).toBeGreaterThan(250)
    expect(acta.pages).toBeGreaterThan(2)
    expect(custody.logSize).toBeGreaterThanOrEqual(5)
    expect(custody.timestamps).toBeGreaterThanOrEqual(2)
    expect(verify.checks.every((check) => check.ok)).toBe(true)
  })
})

describe('escano verify', () => {
  test('says that the export is authentic, and first that it is a demonstration', async () => {
    const answer = await escano(['verify', out], { ESCANO_KEYS: join(folder, 'keys') })
    expect(answer.exitCode).toBe(0)
    expect(new TextDecoder().decode(answer.stdout).split('\n')[0]).toContain('SINATURA DE PROBA, SEN VALOR LEGAL')
  })

  test('under anchors of somebody else it is not authentic, and says anchor-unknown', async () => {
    await using foreign = await startOpensslAuthority('Allea')
    const path = join(folder, 'foreign-trust.json')
    await writeFile(path, JSON.stringify({ roots: [foreign.rootPem], tsaRoots: [foreign.tsaRootPem], logs: [] }))
    const answer = await escano(['verify', out, '--trust', path, '--json'], {})
    expect(answer.exitCode).toBe(1)
    const { checks } = JSON.parse(new TextDecoder().decode(answer.stdout)) as { checks: { code: string; ok: boolean }[] }
    expect(checks.some((check) => check.code === 'anchor-unknown' && !check.ok)).toBe(true)
  })

  test('keeps its answer when its reader goes away after the first line', async () => {
    const verify = `"${process.execPath}" --import "${import.meta.resolve('tsx')}" escano.ts verify "${out}" --trust "${join(folder, 'foreign.json')}"`
    await writeFile(join(folder, 'foreign.json'), JSON.stringify({ roots: [], tsaRoots: [], logs: [] }))
    const { stdout } = await runProgram('bash', ['-c', `${verify} | head -c 1 > /dev/null; echo \${PIPESTATUS[0]}`], { cwd: repository })
    expect(new TextDecoder().decode(stdout).trim()).toBe('1')
  })

  test('what is no export is exit 2', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'))
    expect((await escano(['verify', empty], {})).exitCode).toBe(2)
  })

  test('verify.mjs from the export says the same, on Node alone', async () => {
    const trustPath = join(folder, 'keys', 'trust.json')
    const { stdout, exitCode } = await runProgram(process.execPath, [join(out, 'verify.mjs'), out, '--trust', trustPath, '--json'], {
      acceptedCodes: [0, 1, 2],
    })
    expect(exitCode).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(stdout))).toMatchObject({ authentic: true, trust: 'demo' })
  })
})

forgerySuite('The export of the demo', async () => ({ files: await readExport(out), trust }))

async function readExport(path: string): Promise<Files> {
  const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const files: Files = new Map()
  for (const entry of names) {
    const full = join(entry.parentPath, entry.name)
    files.set(full.slice(path.length + 1), new Uint8Array(await readFile(full)))
  }
  return files
}

const missing = Object.fromEntries(
  await Promise.all(['pdfsig', 'certutil', 'openssl', 'qpdf', 'ffprobe'].map(async (name) => [name, await missingProgram(name)] as const)),
)
const without = (...names: string[]) => names.find((name) => missing[name])
const reason = (...names: string[]) => (without(...names) ? ` (skipped: no ${without(...names)} on this machine)` : '')

describe('outside tools agree', () => {
  test.skipIf(without('qpdf'))(`qpdf finds nothing wrong in acta.pdf${reason('qpdf')}`, async () => {
    await runProgram('qpdf', ['--check', join(out, 'acta.pdf')])
  })

  test.skipIf(without('pdfsig', 'certutil'))(
    `pdfsig finds seal and two signatures valid and trusted${reason('pdfsig', 'certutil')}`,
    async () => {
      const db = await mkdtemp(join(folder, 'nss-'))
      await runProgram('certutil', ['-N', '-d', `sql:${db}`, '--empty-password'])
      for (const [index, pem] of trust.roots.entries()) {
        await writeFile(join(db, 'root.pem'), pem)
        await runProgram('certutil', ['-A', '-d', `sql:${db}`, '-n', `root ${index}`, '-t', 'CT,CT,CT', '-a', '-i', join(db, 'root.pem')])
      }
      const { stdout } = await runProgram('pdfsig', ['-nssdir', `sql:${db}`, join(out, 'acta.pdf')])
      const text = new TextDecoder().decode(stdout)
      expect(text.match(/Signature is Valid\./g)).toHaveLength(3)
      expect(text.match(/Certificate is Trusted\./g)).toHaveLength(3)
      expect(text).toContain('Total document signed')
    },
  )

  test.skipIf(without('openssl'))(`openssl verifies the council’s seal over the recording manifest${reason('openssl')}`, async () => {
    await writeFile(join(folder, 'roots.pem'), trust.roots.join('\n'))
    const [signature, content] = [join(out, 'recording-manifest.json.p7s'), join(out, 'recording-manifest.json')]
    await runProgram('openssl', cmsVerifyArguments({ signature, content, roots: join(folder, 'roots.pem') }))
  })

  test.skipIf(without('openssl'))(
    `openssl verifies each signature of acta.pdf and the time-stamps of heads and checkpoint${reason('openssl')}`,
    async () => {
      await writeFile(join(folder, 'roots.pem'), trust.roots.join('\n'))
      await writeFile(join(folder, 'tsa.pem'), trust.tsaRoots.join('\n'))
      const pdf = await readFile(join(out, 'acta.pdf'))
      const ranges = [...pdf.toString('latin1').matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].map((found) =>
        found.slice(1).map(Number),
      )
      expect(ranges).toHaveLength(3)
      for (const [index, [from = 0, length = 0, next = 0, rest = 0]] of ranges.entries()) {
        const content = Buffer.concat([pdf.subarray(from, from + length), pdf.subarray(next, next + rest)])
        const hex = pdf.subarray(from + length + 1, next - 1).toString('latin1')
        const [contentFile, cmsFile] = [join(folder, `content-${index}`), join(folder, `cms-${index}.der`)]
        await writeFile(contentFile, content)
        await writeFile(cmsFile, derOf(Buffer.from(hex, 'hex')))
        const of = { signature: cmsFile, content: contentFile, roots: join(folder, 'roots.pem') }
        await runProgram('openssl', cmsVerifyArguments(of))
      }
      const tree = JSON.parse(await readFile(join(out, 'recording/tree.json'), 'utf8')) as { heads: { note: string; token?: string }[] }
      const stamped = tree.heads.filter((head) => head.token !== undefined)
      expect(stamped.length).toBeGreaterThan(0)
      for (const head of stamped) await verifyToken(new TextEncoder().encode(head.note), Buffer.from(head.token ?? '', 'base64'))
      await verifyToken(await readFile(join(out, 'log/checkpoint')), await readFile(join(out, 'log/checkpoint.tst')))
    },
  )

  test.skipIf(without('ffprobe'))(`ffprobe reads master.mp4 as H.264 and AAC of the session’s length${reason('ffprobe')}`, async () => {
    const { stdout } = await runProgram('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name:format=duration,format_name',
      '-of',
      'json',
      join(out, 'recording/master.mp4'),
    ])
    const probe = JSON.parse(new TextDecoder().decode(stdout)) as {
      streams: { codec_name: string }[]
      format: { duration: string; format_name: string }
    }
    expect(probe.streams.map((stream) => stream.codec_name).sort()).toEqual(['aac', 'h264'])
    expect(probe.format.format_name).toContain('mp4')
    expect(Math.abs(Number(probe.format.duration) - 208.08)).toBeLessThan(1)
  })
})

async function verifyToken(data: Uint8Array, token: Uint8Array): Promise<void> {
  await writeFile(join(folder, 'stamped'), data)
  await writeFile(join(folder, 'token.der'), token)
  await runProgram('openssl', [
    'ts',
    '-verify',
    '-token_in',
    '-in',
    join(folder, 'token.der'),
    '-data',
    join(folder, 'stamped'),
    '-CAfile',
    join(folder, 'tsa.pem'),
  ])
}

/** The DER value at the start of bytes that are padded with zeros. */
function derOf(bytes: Buffer): Buffer {
  const first = bytes[1] ?? 0
  if (first < 0x80) return bytes.subarray(0, 2 + first)
  const count = first & 0x7f
  return bytes.subarray(0, 2 + count + bytes.readUIntBE(2, count))
}
