import { fromBER } from 'asn1js'
import { BasicConstraints, Certificate } from 'pkijs'
import { fromPem } from './pem.ts'
import { isSignedBy } from './public-key.ts'
import { ownBytes, sameBytes, toHex } from './sha256.ts'

const longestPath = 8
const largestCertificateBytes = 16_384

const oid = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37', certificatePolicies: '2.5.29.32' }

/** Extensions whose meaning is looked at here or by the caller, or that bind nobody who holds to explicit anchors. */
const understood = new Set(Object.values(oid))

/** @throws CertificateMalformedError */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > largestCertificateBytes) throw new CertificateMalformedError(`a certificate of ${der.length} bytes is too large`)
  try {
    return Certificate.fromBER(ownBytes(der))
  } catch (cause) {
    throw new CertificateMalformedError('bytes are not an X.509 certificate', { cause })
  }
}

/** Certificates in PEM text, as DER. */
export function pemCertificates(pem: string[]): Uint8Array<ArrayBuffer>[] {
  return pem.flatMap((text) => fromPem(text))
}

/** DER of a certificate that was parsed. */
export function certificateDer(certificate: Certificate): Uint8Array<ArrayBuffer> {
  return new Uint8Array(certificate.toSchema().toBER())
}

/** Name as RFC 4514 writes it, most exact part first: `CN=…, O=…, C=ES`. */
export function subjectName(certificate: Certificate): string {
  return nameOf(certificate.subject)
}

/** Serial number, hexadecimal. */
export function serialOf(certificate: Certificate): string {
  return toHex(certificate.serialNumber.valueBlock.valueHexView)
}

const shortNames: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
}

function nameOf(name: Certificate['subject']): string {
  const parts = name.typesAndValues.map((one) => `${shortNames[one.type] ?? one.type}=${String(one.value.valueBlock.value)}`)
  return parts.reverse().join(', ')
}

export interface Path {
  certificate: Certificate
  /** Other certificates that came along; none of them is trusted for that. */
  others: Certificate[]
  /** Anchors as PEM; a certificate equal to an anchor is trusted. */
  roots: string[]
  at: Date
}

/**
 * Finds and checks the way from a certificate to an anchor (RFC 5280 §6, without policies, name constraints and revocation):
 * signatures, dates, CA marks, path lengths; a critical extension that is not understood is refused.
 * @returns the certificate, its issuers, the anchor
 * @throws CertificateExpiredError · UnknownAnchorError · CertificateRefusedError · AlgorithmRefusedError
 */
export async function verifyCertificatePath(of: Path): Promise<Certificate[]> {
  const anchors = pemCertificates(of.roots)
  const isAnchor = (one: Certificate) => {
    const der = certificateDer(one)
    return anchors.some((anchor) => sameBytes(anchor, der))
  }
  const known = [...anchors.map(parseCertificate), ...of.others]
  const path = [of.certificate]
  for (let current = of.certificate; !isAnchor(current); ) {
    if (path.length >= longestPath)
      throw new CertificateRefusedError(`the path of ${subjectName(of.certificate)} is longer than ${longestPath}`)
    const issuer = await issuerOf(current, known, path.length - 1)
    if (issuer === undefined || path.includes(issuer)) {
      throw new UnknownAnchorError(
        `${subjectName(current)}: its issuer «${nameOf(current.issuer)}» is not among the ${anchors.length} trusted anchors`,
      )
    }
    path.push(issuer)
    current = issuer
  }
  for (const one of path) {
    checkDates(one, of.at)
    checkExtensions(one)
  }
  return path
}

/** The one among `known` that bears the issuer's name and whose key made the signature. `below`: CA certificates between it and the end. */
async function issuerOf(certificate: Certificate, known: Certificate[], below: number): Promise<Certificate | undefined> {
  for (const candidate of known) {
    if (!certificate.issuer.isEqual(candidate.subject) || !isAuthority(candidate, below)) continue
    const signed = {
      data: certificate.tbsView,
      signature: certificate.signatureValue.valueBlock.valueHexView,
      algorithm: certificate.signatureAlgorithm.algorithmId,
    }
    if (await isSignedBy(candidate, signed)) return candidate
  }
  return undefined
}

function isAuthority(certificate: Certificate, below: number): boolean {
  const constraints = extensionValue(certificate, oid.basicConstraints)
  if (!(constraints instanceof BasicConstraints) || !constraints.cA) return false
  const longest = constraints.pathLenConstraint
  if (longest !== undefined && below > Number(longest)) return false
  const usage = keyUsage(certificate)
  return usage === undefined || usage.has('keyCertSign')
}

function checkDates(certificate: Certificate, at: Date): void {
  const [from, until] = [certificate.notBefore.value, certificate.notAfter.value]
  const seen = Number.isNaN(at.getTime()) ? 'no date' : at.toISOString()
  if (!(at >= from && at <= until)) {
    const when = at < from ? 'not valid yet' : 'expired'
    throw new CertificateExpiredError(
      `${subjectName(certificate)}: ${when} on ${seen}, valid ${from.toISOString()} to ${until.toISOString()}`,
    )
  }
}

function checkExtensions(certificate: Certificate): void {
  for (const one of certificate.extensions ?? []) {
    if (one.critical && !understood.has(one.extnID)) {
      throw new CertificateRefusedError(`${subjectName(certificate)}: critical extension ${one.extnID} is not understood`)
    }
  }
}

const usages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const
export type KeyUsage = (typeof usages)[number]

/** What the key may do (RFC 5280 §4.2.1.3); undefined when the certificate does not say. */
export function keyUsage(certificate: Certificate): Set<KeyUsage> | undefined {
  const extension = certificate.extensions?.find((one) => one.extnID === oid.keyUsage)
  if (extension === undefined) return undefined
  // A BIT STRING: tag, length, unused bits, then the bits from the left.
  const { result } = fromBER(ownBytes(extension.extnValue.valueBlock.valueHexView))
  const bits = 'valueHexView' in result.valueBlock ? (result.valueBlock.valueHexView as Uint8Array) : new Uint8Array()
  return new Set(usages.filter((_, at) => ((bits[0] ?? 0) & (0x80 >> at)) !== 0))
}

/** Purposes as OIDs (RFC 5280 §4.2.1.12) and whether the extension is critical; undefined when the certificate names none. */
export function extendedKeyUsage(certificate: Certificate): { purposes: string[]; critical: boolean } | undefined {
  const extension = certificate.extensions?.find((one) => one.extnID === oid.extendedKeyUsage)
  const value = extensionValue(certificate, oid.extendedKeyUsage)
  if (extension === undefined || typeof value !== 'object' || value === null || !('keyPurposes' in value)) return undefined
  return { purposes: value.keyPurposes as string[], critical: extension.critical }
}

function extensionValue(certificate: Certificate, id: string): unknown {
  return certificate.extensions?.find((one) => one.extnID === id)?.parsedValue
}

export class CertificateMalformedError extends Error {
  override readonly name = 'CertificateMalformedError'
}

/** Out of its dates at the time that counts. */
export class CertificateExpiredError extends Error {
  override readonly name = 'CertificateExpiredError'
}

/** No way leads to an anchor of ours: `anchor-unknown`. */
export class UnknownAnchorError extends Error {
  override readonly name = 'UnknownAnchorError'
}

export class CertificateRefusedError extends Error {
  override readonly name = 'CertificateRefusedError'
}
