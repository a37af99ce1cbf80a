import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CouncilSeals } from '../minutes/minutes-parts.ts'
import { type HttpTimeStampOptions, httpTimeStampAuthority } from '../minutes/signature/http-time-stamp.ts'
import { createNoteSigner, fileKeyStore, openNoteSigner } from '../minutes/signature/key-store.ts'
import { logOrigin } from '../storage/custody/log.ts'
import { toBase64 } from '../storage/custody/sha256.ts'
import type { NoteSigner } from '../storage/custody/signer.ts'
import { type Trust, trustFile } from '../storage/custody/trust.ts'
import { type Council, fullName, holderOf } from '../storage/model/council.ts'
import { writeDurably } from '../storage/programs/durable-file.ts'
import { type DemoAuthority, openDemoAuthority } from './demo/authority.ts'
import { isThere } from './is-there.ts'

/** A council of this installation has no key where it should be; the message says what to put there. */
export class KeyMissingError extends Error {
  override readonly name = 'KeyMissingError'
}

/**
 * The keys of an installation: a folder outside the data and its backups, one folder a council by its DIR3 code. What signs for the
 * demo council comes from its own test authority; every other council brings `seal.p12` or `seal.pem` and an authority by address.
 */
export interface InstallationKeys {
  folder: string
  sealsOf(council: Council): Promise<CouncilSeals>
  /** @throws KeyMissingError the council is no demo council */
  demoAuthority(council: Council): Promise<DemoAuthority>
  /** Anchors of this installation (contracts.md §5); empty before there are any. */
  trust(): Promise<Trust>
  /** Adds the keys of enrolled recorders to the anchors, those of revoked ones too: what they signed before stays theirs. Twice is once. */
  trustRecorders(recorders: Trust['recorders']): Promise<Trust>
}

export interface KeysConfig {
  folder: string
  data: string
  timeStamps?: HttpTimeStampOptions
}

/** Nothing is written before the first key is made: a part that signs nothing may have no folder for keys. */
export function openKeys(config: KeysConfig): InstallationKeys {
  const demoAuthority = async (council: Council) => {
    if (!council.demo) throw new KeyMissingError(`${council.name} is no demo council: nobody signs for its people here`)
    return await openDemoAuthority(join(config.folder, council.dir3), {
      council,
      secretary: holderName(council, 'secretary'),
      mayor: holderName(council, 'mayor'),
    })
  }
  return {
    folder: config.folder,
    demoAuthority,
    sealsOf: async (council) => {
      const log = await openLogKey(config, council)
      if (council.demo) return { ...(await demoAuthority(council)), log }
      if (!config.timeStamps) throw new KeyMissingError('no time-stamp authority: set ESCANO_TSA_URL')
      const store = fileKeyStore(join(config.folder, council.dir3), config.data)
      return { seal: await store.signer('seal'), log, timeStamps: httpTimeStampAuthority(config.timeStamps) }
    },
    trust: () => readTrust(config.folder),
    trustRecorders: (recorders) => addRecorders(config.folder, recorders),
  }
}

/** Adds what a demo council proves with to the installation's anchors. Twice is once. */
export async function trustDemo(keys: InstallationKeys, council: Council, recorderKey: Uint8Array): Promise<void> {
  const { trust } = await keys.demoAuthority(council)
  const { log } = await keys.sealsOf(council)
  const known = await keys.trust()
  const origin = logOrigin(council.dir3)
  const others = <T extends { origin: string }>(of: T[]) => of.filter((one) => one.origin !== origin)
  const next: Trust = {
    ...known,
    demo: true,
    roots: [...new Set([...known.roots, ...trust.roots])],
    tsaRoots: [...new Set([...known.tsaRoots, ...trust.tsaRoots])],
    logs: [...others(known.logs), { origin, key: toBase64(log.publicKey) }],
    recorders: [...known.recorders.filter((one) => one.key !== toBase64(recorderKey)), { origin, key: toBase64(recorderKey) }],
  }
  await writeTrust(keys.folder, next)
}

async function addRecorders(folder: string, recorders: Trust['recorders']): Promise<Trust> {
  const known = await readTrust(folder)
  const fresh = recorders.filter((one) => !known.recorders.some((had) => had.origin === one.origin && had.key === one.key))
  // A folder without anchors proves nothing yet, and a part that signs nothing may have none.
  if (fresh.length === 0 || known.logs.length === 0) return known
  const next = { ...known, recorders: [...known.recorders, ...fresh] }
  await writeTrust(folder, next)
  return next
}

async function writeTrust(folder: string, of: Trust): Promise<void> {
  await writeDurably(join(folder, 'trust.json'), `${JSON.stringify(of, undefined, 2)}\n`, { mode: 0o600 })
}

async function readTrust(folder: string): Promise<Trust> {
  const path = join(folder, 'trust.json')
  if (!(await isThere(path))) return trustFile.parse({ roots: [], tsaRoots: [], logs: [] })
  return trustFile.parse(JSON.parse(await readFile(path, 'utf8')))
}

/** The key of a council's log is made here the first time: nobody else has it. */
async function openLogKey(config: KeysConfig, council: Council): Promise<NoteSigner> {
  const path = join(config.folder, council.dir3, 'log.key')
  await mkdir(join(config.folder, council.dir3), { recursive: true, mode: 0o700 })
  const origin = logOrigin(council.dir3)
  return (await isThere(path)) ? await openNoteSigner(path, origin, { data: config.data }) : await createNoteSigner(path, origin)
}

function holderName(council: Council, office: 'secretary' | 'mayor'): string {
  const today = new Date().toISOString().slice(0, 10)
  const holder = holderOf(council, office, today)
  if (!holder) throw new KeyMissingError(`${council.name} has no ${office} today`)
  return fullName(holder)
}
