import { signCms } from '../../storage/custody/cms.ts'
import { sha256 } from '../../storage/custody/sha256.ts'
import type { Signer } from '../../storage/custody/signer.ts'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'

/** The council's seal over bytes (R45): a detached CMS at level B-T over their SHA-256. @returns DER */
export async function sealBytes(bytes: Uint8Array, by: { seal: Signer; timeStamps: TimeStampAuthority }): Promise<Uint8Array<ArrayBuffer>> {
  return await signCms({ digest: await sha256(bytes), signer: by.seal, timeStamp: by.timeStamps })
}
