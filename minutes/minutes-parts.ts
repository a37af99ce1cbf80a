import type { NoteSigner, Signer } from '../storage/custody/signer.ts'
import type { TimeStampAuthority } from '../storage/custody/time-stamp-authority.ts'
import type { Trust } from '../storage/custody/trust.ts'
import type { Council } from '../storage/model/council.ts'
import type { Ffmpeg } from '../storage/programs/ffmpeg.ts'
import type { Storage } from '../storage/storage.ts'

/** What a council proves with: its seal, the key of its log, the authority that stamps its time. */
export interface CouncilSeals {
  seal: Signer
  log: NoteSigner
  timeStamps: TimeStampAuthority
}

/** What the whole ways of this folder work with; `main.ts` builds it once. */
export interface MinutesParts {
  storage: Storage
  ffmpeg: Ffmpeg
  /** @throws KeyMissingError the council has no seal or log key here */
  sealsOf(council: Council): Promise<CouncilSeals>
  /** Anchors of this installation (contracts.md §5). */
  trust(): Promise<Trust>
  /** Where citizens open this installation, without a slash at the end. */
  publicUrl: string
  /** Version of the product, as manifests name it. */
  product: string
}
