import { createPrivateKey, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoAuthority, openDemoAuthority } from '../../../commands/demo/authority.ts'
import { fromPem } from '../../../storage/custody/pem.ts'
import { sha256 } from '../../../storage/custody/sha256.ts'
import type { Signer } from '../../../storage/custody/signer.ts'
import { type Issued, type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'

/** Bytes to be signed and two authorities that can: openssl's and the demo's own. */
export interface SigningBench extends AsyncDisposable {
  content: Uint8Array
  digest: Uint8Array
  openssl: OpensslAuthority
  demo: DemoAuthority
  trust: { roots: string[]; tsaRoots: string[] }
}

export async function openSigningBench(): Promise<SigningBench> {
  const content = new TextEncoder().encode('{"v":1,"session":"acta"}')
  const keys = await mkdtemp(join(tmpdir(), 'escano-cms-'))
  const [openssl, demo] = await Promise.all([
    startOpensslAuthority(),
    openDemoAuthority(keys, { council: { name: 'Concello de Proba', dir3: 'L01279990' }, secretary: 'Iria', mayor: 'Noa' }),
  ])
  await writeFile(join(openssl.folder, 'content'), content)
  return {
    content,
    digest: await sha256(content),
    openssl,
    demo,
    trust: { roots: [openssl.rootPem], tsaRoots: [openssl.tsaRootPem] },
    [Symbol.asyncDispose]: async () => {
      await openssl[Symbol.asyncDispose]()
      await rm(keys, { recursive: true })
    },
  }
}

/** A signer over a key and certificate that openssl issued. */
export function signerOf(issued: Issued, algorithm: Signer['algorithm'] = 'ecdsa-p256-sha256', hash = 'sha256'): Signer {
  const key = createPrivateKey(issued.keyPem)
  return { chain: fromPem(issued.chainPem), algorithm, sign: async (bytes) => new Uint8Array(sign(hash, bytes, key)) }
}
