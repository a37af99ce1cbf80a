import { type DBSchema, openDB } from 'idb'
import { tabletBytes } from '../chamber-protocol.ts'

interface KeptKey {
  tablet: string
  keys: CryptoKeyPair
}

interface Schema extends DBSchema {
  keys: { key: 'own'; value: KeptKey }
}

/** The tablet's own key for when there is no line: its private half cannot leave this browser (`extractable: false`). */
export interface TabletKey {
  tablet: string
  /** Raw public point, base64. */
  publicKey: string
  /** IEEE P1363, base64. */
  sign(purpose: Parameters<typeof tabletBytes>[0]['purpose'], session: string, text: string): Promise<string>
}

/** @returns undefined when this browser holds none @throws DOMException the browser keeps nothing */
export async function readTabletKey(): Promise<TabletKey | undefined> {
  const db = await open()
  try {
    const kept = await db.get('keys', 'own')
    return kept && (await usable(kept))
  } finally {
    db.close()
  }
}

/** Makes a key without keeping it yet. */
export async function makeTabletKey(tablet: string): Promise<{ key: TabletKey; keep: () => Promise<void> }> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const keep = async () => {
    const db = await open()
    try {
      const tx = db.transaction('keys', 'readwrite', { durability: 'strict' })
      await Promise.all([tx.store.put({ tablet, keys }, 'own'), tx.done])
    } finally {
      db.close()
    }
  }
  return { key: await usable({ tablet, keys }), keep }
}

async function usable({ tablet, keys }: KeptKey): Promise<TabletKey> {
  return {
    tablet,
    publicKey: toBase64(await crypto.subtle.exportKey('raw', keys.publicKey)),
    sign: async (purpose, session, text) => {
      const bytes = tabletBytes({ purpose, session, text })
      return toBase64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, bytes))
    },
  }
}

function open() {
  return openDB<Schema>('escano-tableta', 1, { upgrade: (fresh) => void fresh.createObjectStore('keys') })
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
