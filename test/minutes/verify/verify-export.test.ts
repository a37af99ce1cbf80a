import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryReader } from '../../../minutes/verify/export-reader.ts'
import { verifyExport } from '../../../minutes/verify/verify-export.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { forgerySuite, relisted } from './forgeries.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

let authority: OpensslAuthority
let small: SmallExport
let foreign: SmallExport

beforeAll(async () => {
  authority = await startOpensslAuthority()
  small = await makeSmallExport(authority)
  await using other = await startOpensslAuthority('Allea')
  foreign = await makeSmallExport(other)
})
afterAll(() => authority[Symbol.asyncDispose]())

forgerySuite('A small export', async () => small)

describe('An export of a session held without recording', () => {
  it('verifies by its acta, events and log, and not when the acta says that there was a recording', async () => {
    const { files, trust } = await makeSmallExport(authority, { recorded: false })
    const { authentic, checks } = await verifyExport(memoryReader(files), trust)
    expect(checks.filter((one) => !one.ok)).toEqual([])
    expect(authentic).toBe(true)
    expect(checks.some((one) => one.code === 'segments')).toBe(false)
    const stripped = new Map(Array.from(small.files).filter(([path]) => !path.startsWith('recording')))
    const lost = await verifyExport(memoryReader(relisted(stripped)), small.trust)
    expect(lost.checks.find((one) => one.code === 'recording-manifest' && !one.ok)?.detail).toContain('missing')
  })
})

describe('An export with what was recorded of a closed part, encrypted', () => {
  it('verifies without a key; a byte changed, or the file gone, is told by the check of the segments', async () => {
    const { files, trust } = await makeSmallExport(authority, { sealed: true })
    const whole = await verifyExport(memoryReader(files), trust)
    expect(whole.checks.filter((one) => !one.ok)).toEqual([])
    expect(whole.checks.find((one) => one.code === 'segments')?.detail).toContain('1 encrypted ones of closed parts, 1 here')
    const path = exportPath.sealed({ part: 2, track: 'master', index: 0 })
    const changed = new Map(files).set(path, new Uint8Array(3000).fill(253))
    const gone = new Map(files)
    gone.delete(path)
    for (const forged of [changed, gone]) {
      const { checks } = await verifyExport(memoryReader(relisted(forged)), trust)
      expect(checks.filter((one) => !one.ok).map((one) => one.code)).toEqual(['segments'])
    }
  })
})

describe('An export rebuilt whole by somebody else', () => {
  it('with its own authority, log, recorder and time-stamps leads to no anchor of ours', async () => {
    const { authentic, checks } = await verifyExport(memoryReader(foreign.files), small.trust)
    expect(authentic).toBe(false)
    const unknown = checks.filter((one) => one.code === 'anchor-unknown').map((one) => one.detail.split(':')[0])
    expect(unknown).toEqual(expect.arrayContaining(['recording-seal', 'heads', 'head-tokens', 'log-checkpoint', 'log-token']))
    expect(checks.some((one) => one.code === 'anchor-unknown' && /^(seal|secretary|mayor):/.test(one.detail))).toBe(true)
  })

  it.each([
    ['roots', 'recording-seal'],
    ['tsaRoots', 'head-tokens'],
    ['logs', 'log-checkpoint'],
    ['recorders', 'heads'],
  ] as const)('with only %s unknown says so of %s', async (kind, code) => {
    const { checks } = await verifyExport(memoryReader(small.files), { ...small.trust, [kind]: foreign.trust[kind] })
    expect(checks.find((one) => one.code === 'anchor-unknown' && one.detail.startsWith(`${code}:`))?.ok).toBe(false)
  })
})
