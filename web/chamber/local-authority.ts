import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { Set as Asn1Set, BitString, Integer, OctetString, Sequence, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  GeneralSubtree,
  NameConstraints,
  RelativeDistinguishedNames,
} from 'pkijs'
import { z } from 'zod'
import { writeDurably } from '../../storage/programs/durable-file.ts'

/** The key of the chamber's authority can be read by others, or is none. */
export class ChamberKeyError extends Error {
  override readonly name = 'ChamberKeyError'
}

/** What the page is served with. */
export interface ServerCertificate {
  /** PEM: the page's own certificate. */
  cert: string
  /** PEM, PKCS#8; made anew at each start and kept in memory alone. */
  key: string
  /** PEM of the authority: what a tablet installs. */
  authority: string
}

const day = 86_400_000
const authorityLifeMs = 3650 * day
/** Browsers refuse longer ones of a server. */
export const leafLifeMs = 397 * day
const ec = { name: 'ECDSA', namedCurve: 'P-256' } as const
/** Where an authority of this kind may vouch for a name at all: the networks of RFC 1918, this machine, and names of mDNS. */
const permitted = [
  ...['10.0.0.0/255.0.0.0', '172.16.0.0/255.240.0.0', '192.168.0.0/255.255.0.0', '127.0.0.0/255.0.0.0'].map((one) => ({ ip: one })),
  ...['localhost', 'local'].map((one) => ({ dns: one })),
]

const stored = z.object({ certificate: z.string(), key: z.string() })

/** Opens the chamber's own authority, making it the first time. @param folder its private key lies there, mode 0600 @throws ChamberKeyError */
export async function openAuthority(folder: string, name: string): Promise<LocalAuthority> {
  const path = join(folder, 'authority.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const mode = (await stat(path).catch(() => undefined))?.mode
  if (mode === undefined) await writeDurably(path, JSON.stringify(await makeAuthority(name)), { mode: 0o600 })
  else if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new ChamberKeyError(`key of the chamber page ${path} can be read by others (mode ${(mode & 0o777).toString(8)}, expected 600)`)
  }
  const read = stored.safeParse(JSON.parse(await readFile(path, 'utf8')))
  if (!read.success) throw new ChamberKeyError(`key of the chamber page ${path} cannot be read`, { cause: read.error })
  return new LocalAuthority(read.data.certificate, read.data.key)
}

/** An authority that vouches for the chamber page in the council's network and for nothing else (RFC 5280 §4.2.1.10). */
export class LocalAuthority {
  readonly pem: string
  readonly #key: string

  constructor(pem: string, key: string) {
    this.pem = pem
    this.#key = key
  }

  /** A fresh certificate for these names and addresses. */
  async issue(names: readonly string[], nowMs = Date.now()): Promise<ServerCertificate> {
    const keys = await crypto.subtle.generateKey(ec, true, ['sign', 'verify'])
    const own = Certificate.fromBER(new Uint8Array(new X509Certificate(this.pem).raw))
    const der = createPrivateKey(this.#key).export({ type: 'pkcs8', format: 'der' })
    const signer = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), ec, false, ['sign'])
    const alternatives = new GeneralNames({ names: names.map(toGeneralName) })
    const cert = await signed({
      ...{ subject: nameOf('Escano, páxina da sala'), issuer: own.subject, keys, signer },
      ...{ fromMs: nowMs - day, untilMs: nowMs - day + leafLifeMs },
      extensions: [
        extension('2.5.29.19', true, new BasicConstraints({ cA: false }).toSchema().toBER()),
        extension('2.5.29.15', true, new BitString({ valueHex: Uint8Array.of(0x80), unusedBits: 7 }).toBER()),
        extension('2.5.29.37', false, new ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] }).toSchema().toBER()),
        extension('2.5.29.17', false, alternatives.toSchema().toBER()),
      ],
    })
    return { cert, key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)), authority: this.pem }
  }
}

async function makeAuthority(name: string): Promise<z.infer<typeof stored>> {
  const keys = await crypto.subtle.generateKey(ec, true, ['sign', 'verify'])
  const subject = nameOf(name)
  const certificate = await signed({
    ...{ subject, issuer: subject, keys, signer: keys.privateKey, fromMs: Date.now() - day, untilMs: Date.now() + authorityLifeMs },
    extensions: [
      extension('2.5.29.19', true, new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema().toBER()),
      extension('2.5.29.15', true, new BitString({ valueHex: Uint8Array.of(0x04), unusedBits: 2 }).toBER()),
      extension('2.5.29.30', true, constraints().toSchema().toBER()),
    ],
  })
  return { certificate, key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)) }
}

interface CertificateWish {
  subject: RelativeDistinguishedNames
  issuer: RelativeDistinguishedNames
  keys: CryptoKeyPair
  signer: CryptoKey
  fromMs: number
  untilMs: number
  extensions: Extension[]
}

async function signed(wish: CertificateWish): Promise<string> {
  const certificate = new Certificate({ version: 2 })
  const serial = crypto.getRandomValues(new Uint8Array(16))
  // 0x40 to 0x7f in front: positive, and 16 bytes for sure.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  certificate.serialNumber = new Integer({ valueHex: serial })
  certificate.notBefore.value = new Date(wish.fromMs)
  certificate.notAfter.value = new Date(wish.untilMs)
  certificate.subject = wish.subject
  certificate.issuer = wish.issuer
  await certificate.subjectPublicKeyInfo.importKey(wish.keys.publicKey)
  certificate.extensions = wish.extensions
  await certificate.sign(wish.signer, 'SHA-256')
  return pem('CERTIFICATE', certificate.toSchema(true).toBER())
}

function constraints(): NameConstraints {
  const bases = permitted.map((one) =>
    'dns' in one ? new GeneralName({ type: 2, value: one.dns }) : new GeneralName({ type: 7, value: octets(one.ip.split(/[./]/)) }),
  )
  return new NameConstraints({ permittedSubtrees: bases.map((base) => new GeneralSubtree({ base })) })
}

function toGeneralName(name: string): GeneralName {
  return isIP(name) === 4 ? new GeneralName({ type: 7, value: octets(name.split('.')) }) : new GeneralName({ type: 2, value: name })
}

const octets = (parts: string[]) => new OctetString({ valueHex: Uint8Array.from(parts, Number) })
const extension = (extnID: string, critical: boolean, extnValue: ArrayBuffer) => new Extension({ extnID, critical, extnValue })

function nameOf(value: string): RelativeDistinguishedNames {
  const attribute = new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value }) })
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: [new Asn1Set({ value: [attribute.toSchema()] })] }).toBER())
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
