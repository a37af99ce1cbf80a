import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureVerifier } from '../../../minutes/verify/verifier-file.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import type { Verification } from '../../../storage/custody/trust.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

let authority: OpensslAuthority
let small: SmallExport
let folder: string
let verifier: string

beforeAll(async () => {
  authority = await startOpensslAuthority()
  small = await makeSmallExport(authority)
  folder = await mkdtemp(join(tmpdir(), 'escano-verify-'))
  await writeFile(join(folder, 'trust.json'), JSON.stringify({ ...small.trust, demo: true }))
  await writeFile(join(folder, 'real-trust.json'), JSON.stringify(small.trust))
  verifier = await ensureVerifier()
})
afterAll(async () => {
  await authority[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function writeExport(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const out = join(folder, name)
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), bytes)
  }
  return out
}

const answers = [0, 1, 2]
const asCommand = async (...args: string[]) =>
  runProgram(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'escano.ts', 'verify', ...args], {
    acceptedCodes: answers,
    timeoutMs: 60_000,
  })
const asFile = async (...args: string[]) => runProgram(process.execPath, [verifier, ...args], { acceptedCodes: answers, timeoutMs: 60_000 })
const said = (output: { stdout: Uint8Array }) => new TextDecoder().decode(output.stdout)

describe('escano verify and the one-file verify.mjs', () => {
  it('say the same of the same folder, and the demo mark comes first', async () => {
    const out = await writeExport('honest', small.files)
    const args = [out, '--trust', join(folder, 'trust.json')]
    const [command, file] = [await asCommand(...args, '--json'), await asFile(...args, '--json')]
    expect(JSON.parse(said(command))).toEqual(JSON.parse(said(file)))
    const verification = JSON.parse(said(file)) as Verification
    expect(verification).toMatchObject({ authentic: true, trust: 'demo' })
    expect([command.exitCode, file.exitCode]).toEqual([0, 0])
    for (const spoken of [await asCommand(...args), await asFile(...args)]) {
      expect(said(spoken).split('\n')[0]).toBe('SINATURA DE PROBA, SEN VALOR LEGAL')
    }
  })

  it('exit 1 on a forged folder and 2 on what is no export, no acta or no trust file', async () => {
    const forged = await writeExport('forged', new Map(small.files).set(exportPath.master, new Uint8Array(9000)))
    const trust = ['--trust', join(folder, 'real-trust.json')]
    for (const verify of [asCommand, asFile]) {
      const output = await verify(forged, ...trust, '--json')
      expect(output.exitCode).toBe(1)
      expect(JSON.parse(said(output))).toMatchObject({ authentic: false, trust: 'file' })
      expect((await verify(join(folder, 'nothing-there'), ...trust)).exitCode).toBe(2)
      expect((await verify(join(folder, 'trust.json'), ...trust)).exitCode).toBe(2)
      expect((await verify(dirname(verifier), ...trust)).exitCode).toBe(2)
      expect((await verify(forged, '--trust', join(forged, exportPath.acta))).exitCode).toBe(2)
      expect((await verify()).exitCode).toBe(2)
    }
  })

  it('verify an acta alone', async () => {
    const acta = join(folder, 'acta.pdf')
    await writeFile(acta, small.files.get(exportPath.acta) ?? new Uint8Array())
    expect((await asFile(acta, '--trust', join(folder, 'real-trust.json'))).exitCode).toBe(0)
  })

  it('never open a link or a pipe that stands in the place of a file', async () => {
    const out = await writeExport('links', small.files)
    await rm(join(out, exportPath.master))
    await symlink('/dev/zero', join(out, exportPath.master))
    await rm(join(out, exportPath.transcript))
    await runProgram('mkfifo', [join(out, exportPath.transcript)])
    const output = await asFile(out, '--trust', join(folder, 'real-trust.json'), '--json')
    const { checks } = JSON.parse(said(output)) as Verification
    expect(output.exitCode).toBe(1)
    for (const code of ['master', 'transcript']) expect(checks.find((one) => one.code === code && !one.ok)?.detail).toContain('not there')
  })

  it('found inside an export, verify.mjs prints its own hash and says to fetch it from somewhere else', async () => {
    const out = await writeExport('inside', new Map(small.files).set(exportPath.verifier, new Uint8Array(await readFile(verifier))))
    const inside = await runProgram(process.execPath, [join(out, exportPath.verifier), out, '--trust', join(folder, 'real-trust.json')], {
      acceptedCodes: answers,
    })
    const sha256sum = said(await runProgram('sha256sum', [verifier])).slice(0, 64)
    expect(inside.stderr).toContain(sha256sum)
    expect(inside.stderr).toContain('doutro sitio')
    expect((await asFile(out, '--trust', join(folder, 'real-trust.json'))).stderr).not.toContain('doutro sitio')
  })

  it('verify.mjs is one file without dependencies, and the same sources give the same bytes', async () => {
    const built = await readFile(verifier, 'utf8')
    const imported = Array.from(built.matchAll(/(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]/g), ([, name]) => name ?? '')
    expect(imported.filter((name) => !name.startsWith('node:'))).toEqual([])
    await rm(verifier)
    expect(await readFile(await ensureVerifier(), 'utf8')).toBe(built)
  })
})
