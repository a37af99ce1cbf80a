import { createPrivateKey, sign } from 'node:crypto'
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localTimeStampAuthority } from '../../../commands/demo/time-stamps.ts'
import { completeSignature, prepareSignature } from '../../../minutes/signature/pades.ts'
import { verifyPdfSignatures } from '../../../minutes/signature/pdf-signatures.ts'
import { signCms } from '../../../storage/custody/cms.ts'
import { fromPem } from '../../../storage/custody/pem.ts'
import { concatBytes, sha256, toHex } from '../../../storage/custody/sha256.ts'
import type { Signer } from '../../../storage/custody/signer.ts'
import { type Issued, type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { type SignedActa, signedActa } from './signed-acta.ts'

let acta: SignedActa
let openssl: OpensslAuthority
let trust: { roots: string[]; tsaRoots: string[] }

beforeAll(async () => {
  ;[acta, openssl] = await Promise.all([signedActa(), startOpensslAuthority('Allea')])
  trust = acta.authority.trust
})
afterAll(async () => {
  await acta[Symbol.asyncDispose]()
  await openssl[Symbol.asyncDispose]()
})

const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)
const ascii = (text: string) => new TextEncoder().encode(text)

async function failures(pdf: Uint8Array, anchors = trust): Promise<string[]> {
  const { checks } = await verifyPdfSignatures(pdf, anchors)
  return checks.filter((one) => !one.ok).map((one) => one.code)
}

function replaced(pdf: Uint8Array, from: string, to: string): Uint8Array {
  const at = latin1(pdf).indexOf(from)
  expect(at, `«${from}» stands in the PDF`).toBeGreaterThan(0)
  const changed = pdf.slice()
  changed.set(ascii(to), at)
  return changed
}

/** The PDF with one more revision, as anybody with an editor can add it. */
async function withRevision(pdf: Uint8Array, change: (document: PDFDocument) => PDFRef[]): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false })
  const snapshot = document.takeSnapshot()
  snapshot.markRefsForSave(change(document))
  return concatBytes(pdf, await document.saveIncremental(snapshot, { useObjectStreams: false }))
}

test('the acta as signed: every check holds, each signature tells who, when and which revision', async () => {
  const { checks, signatures, attachments } = await verifyPdfSignatures(acta.complete, trust)
  expect(checks.filter((one) => !one.ok)).toEqual([])
  expect(checks.map((one) => one.code)).toEqual([
    'pdf-structure',
    'pdf-coverage',
    'pdf-revisions',
    'pdf-signatures',
    'pdf-signatures',
    'pdf-signatures',
    'signature-order',
  ])
  expect(signatures.map((one) => [one.kind, one.field])).toEqual([
    ['signature', 'seal'],
    ['signature', 'secretary'],
    ['signature', 'mayor'],
  ])
  const revisions = await Promise.all([acta.sealed, acta.bySecretary, acta.complete].map(async (pdf) => toHex(await sha256(pdf))))
  expect(signatures.map((one) => one.revisionSha256)).toEqual(revisions)
  expect(signatures[1]?.signer).toContain('CN=Noela Lestrigo (SINATURA DE PROBA)')
  expect(attachments).toEqual([{ name: 'acta-manifest.json', bytes: new Uint8Array(acta.material.manifest) }])
})

test('a byte changed anywhere is refused, or lies in the last CMS and changes only the hash that the log holds', async () => {
  const expected = await verifyPdfSignatures(acta.complete, trust)
  const contents = latin1(acta.complete).lastIndexOf('/Contents <')
  for (let at = 3; at < acta.complete.length; at += 2749) {
    const changed = acta.complete.slice()
    changed[at] = (changed[at] ?? 0) ^ 0x01
    const found = await verifyPdfSignatures(changed, trust)
    if (found.checks.some((one) => !one.ok)) continue
    expect(at).toBeGreaterThan(contents)
    expect(found.signatures.map((one) => one.signer)).toEqual(expected.signatures.map((one) => one.signer))
    expect(found.signatures.at(-1)?.revisionSha256).not.toBe(expected.signatures.at(-1)?.revisionSha256)
  }
})

test('one digit in the padding of /Contents is refused', async () => {
  const padded = acta.complete.slice()
  padded[latin1(padded).lastIndexOf('00>')] = '1'.charCodeAt(0)
  expect(await failures(padded)).toEqual(['pdf-coverage'])
  const upper = acta.complete.slice()
  const at = latin1(upper).lastIndexOf('/Contents <30') + 11
  const letter = latin1(upper).slice(at).search(/[a-f]/)
  upper[at + letter] = latin1(upper).charCodeAt(at + letter) - 32
  expect(await failures(upper)).toEqual(['pdf-coverage'])
})

test('an acta without the mayor is not complete, one without signatures even less', async () => {
  expect(await failures(acta.bySecretary)).toEqual(['signature-order'])
  expect(await failures(acta.unsigned)).toEqual(['pdf-coverage'])
})

describe('a revision after the signatures', () => {
  const page = (document: PDFDocument) => document.getPage(0)

  test('that repaints a page is refused', async () => {
    const repainted = await withRevision(acta.complete, (document) => {
      const stream = document.context.register(document.context.stream('0 0 600 800 re f'))
      page(document).node.set(PDFName.of('Contents'), stream)
      return [page(document).ref]
    })
    expect(await failures(repainted)).toEqual(['pdf-revisions'])
  })

  test('that lays a note, or a visible field, over a page is refused', async () => {
    for (const kind of [
      { Subtype: 'FreeText', Contents: 'Non' },
      { Subtype: 'Widget', FT: 'Sig', T: 'outro' },
    ]) {
      const laid = await withRevision(acta.complete, (document) => {
        const added = document.context.register(document.context.obj({ Type: 'Annot', Rect: [0, 0, 500, 500], ...kind }))
        const annotations = page(document).node.lookup(PDFName.of('Annots')) ?? document.context.obj([])
        if (annotations instanceof PDFArray) annotations.push(added)
        page(document).node.set(PDFName.of('Annots'), annotations)
        return [page(document).ref]
      })
      expect(await failures(laid)).toEqual(['pdf-revisions'])
    }
  })

  test('that gives the document an action, or other attachments, is refused', async () => {
    for (const key of ['OpenAction', 'Names', 'Pages']) {
      const acting = await withRevision(acta.complete, (document) => {
        document.catalog.set(
          PDFName.of(key),
          document.context.register(document.context.obj({ S: 'JavaScript', JS: 'app.alert(1)', Kids: [], Count: 0 })),
        )
        return [document.context.getObjectRef(document.catalog) ?? PDFRef.of(1)]
      })
      expect(await failures(acting)).toEqual(['pdf-revisions'])
    }
  })

  test('that changes any object that was there is refused', async () => {
    const { context } = await PDFDocument.load(acta.complete)
    const objects = context.enumerateIndirectObjects()
    for (let at = 0; at < objects.length; at += 37) {
      const ref = objects[at]?.[0]
      if (ref === undefined) continue
      const changed = await withRevision(acta.complete, (document) => {
        const object = document.context.lookup(ref)
        if (object instanceof PDFDict) object.set(PDFName.of('Changed'), PDFString.of('si'))
        else document.context.assign(ref, PDFString.of('si'))
        return [ref]
      })
      expect(await failures(changed), `object ${ref.objectNumber}`).not.toEqual([])
    }
  })

  test('that only adds long-term data is let pass', async () => {
    const longTerm = await withRevision(acta.complete, (document) => {
      const certificate = document.context.register(document.context.stream(Buffer.from(acta.authority.seal.chain[0] ?? new Uint8Array())))
      document.catalog.set(PDFName.of('DSS'), document.context.register(document.context.obj({ Type: 'DSS', Certs: [certificate] })))
      return [document.context.getObjectRef(document.catalog) ?? PDFRef.of(1)]
    })
    expect(await failures(longTerm)).toEqual([])
  })

  test('that takes away a signature is refused', async () => {
    const bare = await withRevision(acta.complete, (document) => {
      const form = document.catalog.lookup(PDFName.of('AcroForm'), PDFDict)
      const fields = form.lookup(PDFName.of('Fields'), PDFArray)
      const ref = fields.get(1) as PDFRef
      document.context.lookup(ref, PDFDict).delete(PDFName.of('V'))
      return [ref]
    })
    expect(await failures(bare)).toContain('pdf-revisions')
  })
})

test('bytes after the end, or an end cut off, are refused', async () => {
  expect(await failures(concatBytes(acta.complete, ascii('% escondido\n')))).toEqual(['pdf-structure'])
  expect(await failures(concatBytes(acta.complete, ascii('\n')))).toEqual(['pdf-revisions'])
  expect(await failures(acta.complete.slice(0, -300))).toEqual(['pdf-structure'])
})

test('a second copy behind the first, or anything hidden in front of a revision that only adds, is refused', async () => {
  expect(await failures(concatBytes(acta.complete, acta.complete))).toEqual(['pdf-revisions'])
  const hidden = await withRevision(concatBytes(acta.complete, ascii('PK escondido')), (document) => {
    document.catalog.set(PDFName.of('DSS'), document.context.obj({ Type: 'DSS' }))
    return [document.context.getObjectRef(document.catalog) ?? PDFRef.of(1)]
  })
  const { checks } = await verifyPdfSignatures(hidden, trust)
  expect(checks.find((one) => !one.ok)).toMatchObject({ code: 'pdf-revisions', detail: expect.stringContaining('belong to no object') })
})

test('a ByteRange that leaves out more than /Contents is refused', async () => {
  const text = latin1(acta.complete)
  const [range = '', open = '0', close = '0'] = /\/ByteRange \[ 0 (\d+) (\d+)/.exec(text) ?? []
  const wider = range.replace(open, String(Number(open) - 9))
  expect(await failures(replaced(acta.complete, range, wider))).toContain('pdf-coverage')
  expect(await failures(replaced(acta.complete, `${open} ${close}`, `${open} ${Number(close) + 1}`))).toContain('pdf-coverage')
})

test('a whole acta by a foreign authority is refused with the code anchor-unknown', async () => {
  await using foreign = await signedActa()
  expect(await failures(foreign.complete)).toEqual(['anchor-unknown', 'anchor-unknown', 'anchor-unknown', 'signature-order'])
  expect(await failures(acta.complete, { ...trust, tsaRoots: [openssl.tsaRootPem] })).toContain('anchor-unknown')
  expect(await failures(acta.complete, { roots: [], tsaRoots: [] })).toContain('anchor-unknown')
})

function signerOf(issued: Issued): Signer {
  const key = createPrivateKey(issued.keyPem)
  return {
    chain: fromPem(issued.chainPem),
    algorithm: 'ecdsa-p256-sha256',
    sign: async (bytes) => new Uint8Array(sign('sha256', bytes, key)),
  }
}

test('a certificate that had expired when it signed is refused, with its dates', async () => {
  const expired = signerOf(await openssl.issue('alcaldesa', { algorithm: 'ec', days: -1 }))
  const pdf = await acta.sign(acta.bySecretary, 'mayor', { signer: expired })
  const { checks } = await verifyPdfSignatures(pdf, { ...trust, roots: [...trust.roots, openssl.rootPem] })
  expect(checks.find((one) => !one.ok)?.detail).toMatch(/mayor: CN=alcaldesa.*expired on/)
})

test('openssl and our own authority may sign and stamp the same acta', async () => {
  const mayor = signerOf(await openssl.issue('Sabela Outedal', { algorithm: 'ec' }))
  const pdf = await acta.sign(acta.bySecretary, 'mayor', { signer: mayor, timeStamp: openssl.timeStamps })
  const both = { roots: [...trust.roots, openssl.rootPem], tsaRoots: [...trust.tsaRoots, openssl.tsaRootPem] }
  expect(await failures(pdf, both)).toEqual([])
})

test('a signature without time-stamp is refused', async () => {
  const prepared = await prepareSignature(acta.bySecretary, { field: 'mayor', name: 'Sabela', reason: 'Acta', at: new Date() })
  const pdf = await completeSignature(prepared, await signCms({ digest: prepared.digest, signer: acta.authority.mayor }))
  expect(await failures(pdf)).toEqual(['pdf-signatures', 'signature-order'])
})

test('a mayor whose time-stamp is older than the secretary’s, or who is the secretary, is refused', async () => {
  const { mayor, secretary } = acta.authority
  const stamps = signerOf(await openssl.issue('tsa2', { algorithm: 'ec', extensions: ['extendedKeyUsage=critical,timeStamping'] }))
  const late = localTimeStampAuthority('atrasada', stamps, () => new Date(Date.now() + 60_000))
  const anchors = { ...trust, tsaRoots: [...trust.tsaRoots, openssl.rootPem] }
  const second = await acta.sign(await acta.sign(acta.sealed, 'secretary', { timeStamp: late }), 'mayor', {
    signer: mayor,
  })
  expect(await failures(second, anchors)).toEqual(['signature-order'])
  const alone = await acta.sign(acta.bySecretary, 'mayor', { signer: secretary })
  expect(await failures(alone)).toEqual(['signature-order'])
})

/** The bytes of a file, and how often one of them was looked at. */
function watched(bytes: Uint8Array): { bytes: Uint8Array; looks: () => number } {
  let looks = 0
  const watch = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { bytes: watch, looks: () => looks }
}

test('hostile files end with a finding, which names the bound, and are looked at ten times over at most', async () => {
  const tail = (at: number) => `\nstartxref\n${at}\n%%EOF\n`
  const xref = (body: string, more = '') =>
    `xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R ${more}>>${tail(body.length)}`
  const one = (object: string, more = '') => `%PDF-1.7\n1 0 obj\n${object}\nendobj\n${xref(`%PDF-1.7\n1 0 obj\n${object}\nendobj\n`, more)}`
  const hostile: [text: string, finding: RegExp][] = [
    ['', /no startxref/],
    ['%PDF-1.7', /no startxref/],
    [`%PDF-1.7${tail(99999)}`, /out of order/],
    [one('['.repeat(50_000)), /nested deeper than 64/],
    [one(`[${'1 0 '.repeat(10_000)}]`), /no catalog/],
    [one(`(${'('.repeat(50_000)}`), /a string has no end/],
    [one('%\n'.repeat(50_000)), /is no value/],
    [one('<< /Type /Catalog /Names 1 0 R /Kids [1 0 R] >>'), /no signature/],
    [one('<< /A 1 /A 2 >>'), /stands twice/],
    [one('<< /Type /Catalog >>', '/Prev 0 '), /no cross-reference table at byte 0/],
    [one('<< /Type /Catalog >>', '/Prev 99999999 '), /too many or out of order/],
    [one('1 0 R'), /a chain of references has no end/],
    [one('<< /AcroForm << /Fields [ 1 0 R ] >> >>'), /no signature/],
    [`%PDF-1.7\nxref\n0 999999999\n${'0000000009 00000 n \n'.repeat(10)}trailer << >>${tail(9)}`, /999999999 entries is too long/],
  ]
  for (let length = 0; length < acta.complete.length; length += 9973) hostile.push([latin1(acta.complete.slice(0, length)), /no startxref/])
  for (const [text, finding] of hostile) {
    const { bytes, looks } = watched(Uint8Array.from(Buffer.from(text, 'latin1')))
    const { checks } = await verifyPdfSignatures(bytes, trust)
    expect(checks.flatMap((check) => (check.ok ? [] : [check.detail])).join(), text.slice(0, 60)).toMatch(finding)
    expect(looks(), text.slice(0, 60)).toBeLessThanOrEqual(10 * text.length)
  }
})
