import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeSignature, prepareSignature, SignatureOrderError, SignatureTooLargeError } from '../../../minutes/signature/pades.ts'
import { PdfCoverageError } from '../../../minutes/signature/pdf-signature-bytes.ts'
import { assembleCms, signCms, timeStampToken } from '../../../storage/custody/cms.ts'
import { toPem } from '../../../storage/custody/pem.ts'
import { sameBytes } from '../../../storage/custody/sha256.ts'
import { signedAttributes } from '../../../storage/custody/signed-attributes.ts'
import { readSignedData, SignatureDigestError } from '../../../storage/custody/signed-data.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { cmsVerifyArguments } from '../../servers/openssl-cms.ts'
import { type SignedActa, signedActa } from './signed-acta.ts'

let acta: SignedActa
let openssl: OpensslAuthority

beforeAll(async () => {
  ;[acta, openssl] = await Promise.all([signedActa(), startOpensslAuthority()])
})
afterAll(async () => {
  await acta[Symbol.asyncDispose]()
  await openssl[Symbol.asyncDispose]()
})

const wish = { field: 'secretary' as const, name: 'Noela Lestrigo', reason: 'Acta', at: new Date('2026-11-24T20:00:00Z') }
const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(openssl.folder, name)
  await writeFile(path, bytes)
  return path
}

/** pdfsig with a database of trust made by certutil. */
async function pdfsig(pdf: Uint8Array, anchors: string[]): Promise<string> {
  const database = `sql:${join(openssl.folder, `nss-${Math.random().toString(36).slice(2)}`)}`
  await runProgram('mkdir', [database.slice(4)])
  await runProgram('certutil', ['-N', '-d', database, '--empty-password'])
  for (const [n, pem] of anchors.entries())
    await runProgram('certutil', [
      '-A',
      '-d',
      database,
      '-n',
      `anchor${n}`,
      '-t',
      'CT,CT,CT',
      '-a',
      '-i',
      await file(`anchor${n}.pem`, pem),
    ])
  return text((await runProgram('pdfsig', ['-nssdir', database, await file('judged.pdf', pdf)], { acceptedCodes: [0, 1] })).stdout)
}

test('pdfsig finds all three signatures valid and trusted, the last over the whole document', async () => {
  const said = await pdfsig(acta.complete, acta.authority.trust.roots)
  expect(said.match(/Signature is Valid\./g)).toHaveLength(3)
  expect(said.match(/Certificate is Trusted\./g)).toHaveLength(3)
  expect(said.match(/Total document signed/g)).toHaveLength(1)
  expect(said).toContain('ETSI.CAdES.detached')
})

test('pdfsig with another anchor trusts none of them', async () => {
  expect(await pdfsig(acta.complete, [openssl.rootPem])).not.toContain('Certificate is Trusted.')
})

test('openssl verifies the CMS of each signature over its cut bytes, and the time-stamp over its value', async () => {
  await file('demo-root.pem', acta.authority.trust.roots.join(''))
  await file('demo-tsa.pem', acta.authority.trust.tsaRoots.join(''))
  const ranges = [...text(acta.complete).matchAll(/\/ByteRange \[ 0 (\d+) (\d+) (\d+)/g)].map((one) => one.slice(1).map(Number))
  expect(ranges).toHaveLength(3)
  for (const [open = 0, close = 0, rest = 0] of ranges) {
    const hex = text(acta.complete.subarray(open + 1, close - 1))
    const padded = Buffer.from(hex, 'hex')
    const cms = padded.subarray(0, 4 + padded.readUInt16BE(2))
    await file('cms', cms)
    await file('cut', Buffer.concat([acta.complete.subarray(0, open), acta.complete.subarray(close, close + rest)]))
    await openssl.openssl(cmsVerifyArguments({ signature: 'cms', content: 'cut', roots: 'demo-root.pem' }))
    const opened = readSignedData(cms)
    await file('token', timeStampToken(opened) ?? new Uint8Array())
    await file('value', opened.signature)
    await openssl.openssl(['ts', '-verify', '-data', 'value', '-token_in', '-in', 'token', '-CAfile', 'demo-tsa.pem'])
  }
})

test('qpdf finds nothing wrong in any revision, and each begins with the one before', async () => {
  const revisions = [acta.unsigned, acta.sealed, acta.bySecretary, acta.complete]
  for (const [at, pdf] of revisions.entries()) {
    await runProgram('qpdf', ['--check', await file('checked.pdf', pdf)])
    const before = revisions[at - 1]
    if (before !== undefined) expect(sameBytes(pdf.subarray(0, before.length), before)).toBe(true)
  }
})

test('every typeface is still embedded once the signatures are drawn', async () => {
  const rows = text((await runProgram('pdffonts', [await file('fonts.pdf', acta.complete)])).stdout)
    .split('\n')
    .slice(2, -1)
  expect(rows.length).toBeGreaterThan(6)
  for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+.* yes yes yes +\d+ +0$/)
  const page = text((await runProgram('pdftotext', ['-layout', '-enc', 'UTF-8', await file('shown.pdf', acta.complete), '-'])).stdout)
  expect(new TextDecoder().decode(Buffer.from(page, 'latin1'))).toMatch(
    /Asinado electronicamente por Noela Lestrigo[\s\S]*SINATURA DE PROBA, SEN VALOR LEGAL/,
  )
})

test('the mayor before the secretary, a second signature of one field, the seal after a person: refused', async () => {
  await expect(acta.sign(acta.sealed, 'mayor')).rejects.toThrow(SignatureOrderError)
  await expect(acta.sign(acta.bySecretary, 'secretary')).rejects.toThrow(/signed already/)
  const unsealed = await acta.sign(acta.unsigned, 'secretary')
  await expect(acta.sign(unsealed, 'seal')).rejects.toThrow(/comes before/)
})

test('nobody signs over a document that changed after the earlier signature', async () => {
  const changed = acta.sealed.slice()
  const at = text(changed).indexOf('/Lang (gl-ES)')
  changed[at + 7] = 'e'.charCodeAt(0)
  await expect(acta.sign(changed, 'secretary')).rejects.toThrow(SignatureDigestError)
  const padded = acta.sealed.slice()
  padded[text(padded).lastIndexOf('0000>') + 1] = '1'.charCodeAt(0)
  await expect(acta.sign(padded, 'secretary')).rejects.toThrow(PdfCoverageError)
})

test('a device far away signs the DER of a prepared digest, and only that fits', async () => {
  const prepared = await prepareSignature(acta.sealed, wish)
  const { secretary, timeStamps } = acta.authority
  const attributes = signedAttributes(prepared.digest, secretary.chain[0] ?? new Uint8Array())
  const signed = { attributes, signature: await secretary.sign(attributes), algorithm: secretary.algorithm, chain: secretary.chain }
  const pdf = await completeSignature(prepared, await assembleCms(signed, timeStamps))
  expect(await pdfsig(pdf, acta.authority.trust.roots)).toMatch(/secretary[\s\S]*Signature is Valid/)
  // The same device's answer to an older preparation is stale.
  const newer = await prepareSignature(acta.sealed, { ...wish, reason: 'Outra' })
  await expect(completeSignature(newer, await assembleCms(signed, timeStamps))).rejects.toThrow(SignatureDigestError)
})

test('a chain too long for the room is refused, not cut', async () => {
  const prepared = await prepareSignature(acta.sealed, wish)
  const { secretary } = acta.authority
  const [own = new Uint8Array(), root = new Uint8Array()] = secretary.chain
  const long = { ...secretary, chain: [own, ...Array.from({ length: 30 }, () => root)] }
  await expect(completeSignature(prepared, await signCms({ digest: prepared.digest, signer: long }))).rejects.toThrow(
    SignatureTooLargeError,
  )
  expect(toPem(own)).toContain('BEGIN CERTIFICATE')
})

test('a PDF without fields is signed too, invisibly', async () => {
  const { default: PDFDocument } = await import('pdfkit')
  const { fontBytes } = await import('../../../minutes/documents/fonts.ts')
  const document = new PDFDocument({ font: Buffer.from(fontBytes('serif')) as unknown as string })
  const parts: Uint8Array[] = []
  document.on('data', (part: Uint8Array) => parts.push(part))
  const ended = new Promise((resolve) => document.on('end', resolve))
  document.text('Dilixencia')
  document.end()
  await ended
  const pdf = await acta.sign(new Uint8Array(Buffer.concat(parts)), 'secretary')
  expect(await pdfsig(pdf, acta.authority.trust.roots)).toMatch(/Total document signed[\s\S]*Signature is Valid/)
})
