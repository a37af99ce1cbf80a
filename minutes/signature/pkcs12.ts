import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import forge from 'node-forge'

/**
 * Opens a .p12 key store (RFC 7292). forge knows no elliptic keys: what it cannot read it hands over as ASN.1, which goes on as DER.
 * @returns the key and its certificates in DER, the signer's first
 * @throws Pkcs12Error wrong password, damaged, or not exactly one key
 */
export function openPkcs12(bytes: Uint8Array, password: string, path: string): { key: KeyObject; chain: Uint8Array[] } {
  let store: forge.pkcs12.Pkcs12Pfx
  try {
    const der = forge.util.createBuffer(Buffer.from(bytes).toString('binary'))
    store = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), password)
  } catch (cause) {
    throw new Pkcs12Error(`${path} cannot be opened as a .p12 key store: wrong password, or damaged`, { cause })
  }
  const bags = store.safeContents.flatMap((contents) => contents.safeBags)
  const keys = bags.flatMap(keyOf)
  const [key] = keys
  if (key === undefined || keys.length !== 1) throw new Pkcs12Error(`${path}: expected one private key, found ${keys.length}`)
  const certificates = bags.flatMap(certificateOf)
  const own = certificates.find((der) => new X509Certificate(der).checkPrivateKey(key))
  if (own === undefined) throw new Pkcs12Error(`${path} holds no certificate of its key`)
  return { key, chain: [own, ...certificates.filter((der) => der !== own)] }
}

function keyOf(bag: forge.pkcs12.Bag): KeyObject[] {
  if (bag.type !== forge.pki.oids.keyBag && bag.type !== forge.pki.oids.pkcs8ShroudedKeyBag) return []
  const info = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1
  return [createPrivateKey({ key: toDer(info), format: 'der', type: 'pkcs8' })]
}

function certificateOf(bag: forge.pkcs12.Bag): Uint8Array[] {
  if (bag.type !== forge.pki.oids.certBag) return []
  return [toDer(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1)]
}

function toDer(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'binary')
}

export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error'
}
