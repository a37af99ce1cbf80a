import { randomUUID, webcrypto } from 'node:crypto'
import { tabletBytes } from '../../../web/chamber/chamber-protocol.ts'

/** A tablet in software: its key, and what it signs. */
export async function makeTablet(id: string = randomUUID()) {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const key = Buffer.from(await webcrypto.subtle.exportKey('raw', keys.publicKey)).toString('base64')
  const sign = async (purpose: 'pin' | 'marks' | 'command', session: string, text: string) => {
    const bytes = tabletBytes({ purpose, session, text })
    return Buffer.from(await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, bytes)).toString('base64')
  }
  return { id, key, sign }
}
