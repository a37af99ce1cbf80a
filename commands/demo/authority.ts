import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openSigner, writeSigner } from '../../minutes/signature/key-store.ts'
import { fromPem, toPem } from '../../storage/custody/pem.ts'
import type { Signer } from '../../storage/custody/signer.ts'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'
import { syncFolder, writeDurably } from '../../storage/programs/durable-file.ts'
import { type CertificateWish, type IssuedKey, issueCertificate } from './certificates.ts'
import { localTimeStampAuthority } from './time-stamps.ts'

/** People and council that the demo's authority certifies; none of them exists. */
export interface DemoHolders {
  council: { name: string; dir3: string }
  secretary: string
  mayor: string
}

export interface DemoAuthority {
  /** Anchors as trust.json names them, PEM. They lie outside every export. */
  trust: { roots: string[]; tsaRoots: string[] }
  seal: Signer
  secretary: Signer
  mayor: Signer
  timeStamps: TimeStampAuthority
}

const year = 365 * 24 * 3600 * 1000
const keyFiles = ['seal', 'secretary', 'mayor', 'time-stamps'] as const
type KeyFile = (typeof keyFiles)[number]

/**
 * The demo's own certificate and time-stamp authority: made at the first start, opened again at the next ones. The roots' private keys
 * are thrown away once they have signed, so that nobody can issue under them later.
 * @param folder keys folder, outside the data; made with mode 0700
 * @throws KeyFileError · KeyFileExposedError a key that is there cannot be used
 */
export async function openDemoAuthority(folder: string, holders: DemoHolders): Promise<DemoAuthority> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // The anchors are written last: without them a start was cut short, and all is made anew.
  if (!(await isThere(join(folder, 'roots.pem')))) await makeAuthority(folder, holders)
  const [root, tsaRoot] = fromPem(await readFile(join(folder, 'roots.pem'), 'latin1'))
  if (root === undefined || tsaRoot === undefined) throw new DemoAuthorityError(`${folder}/roots.pem: expected two certificates`)
  const open = (name: KeyFile) => openSigner(join(folder, `${name}.pem`))
  return {
    trust: { roots: [toPem(root)], tsaRoots: [toPem(tsaRoot)] },
    seal: await open('seal'),
    secretary: await open('secretary'),
    mayor: await open('mayor'),
    timeStamps: localTimeStampAuthority('Autoridade de selado de tempo de proba', await open('time-stamps')),
  }
}

async function makeAuthority(folder: string, holders: DemoHolders): Promise<void> {
  // Backdated, so that a clock set back by a little does not turn fresh certificates into future ones.
  const from = new Date(Math.floor(Date.now() / 1000) * 1000 - 24 * 3600 * 1000)
  const dates = { from, until: new Date(from.getTime() + 5 * year) }
  const rootDates = { from, until: new Date(from.getTime() + 20 * year) }
  const organization = 'Escano'
  const root = await issueCertificate({
    purpose: 'authority',
    commonName: 'Escano Raíz de proba',
    organization,
    algorithm: 'ec',
    ...rootDates,
  })
  const tsaRoot = await issueCertificate({
    purpose: 'authority',
    commonName: 'Escano Raíz de tempo de proba',
    organization,
    algorithm: 'ec',
    ...rootDates,
  })
  const council = holders.council.name
  const wishes: Record<KeyFile, CertificateWish> = {
    seal: {
      purpose: 'seal',
      commonName: `Selo do ${council}`,
      serialNumber: holders.council.dir3,
      organization: council,
      issuer: root,
      algorithm: 'ec',
      ...dates,
    },
    secretary: {
      purpose: 'person',
      commonName: holders.secretary,
      title: 'Secretaría',
      organization: council,
      issuer: root,
      algorithm: 'rsa',
      ...dates,
    },
    mayor: {
      purpose: 'person',
      commonName: holders.mayor,
      title: 'Alcaldía',
      organization: council,
      issuer: root,
      algorithm: 'rsa',
      ...dates,
    },
    'time-stamps': {
      purpose: 'time-stamp',
      commonName: 'Escano Selado de tempo de proba',
      organization,
      issuer: tsaRoot,
      algorithm: 'ec',
      ...dates,
    },
  }
  for (const name of keyFiles) await keep(folder, name, await issueCertificate(marked(wishes[name])), name === 'time-stamps' ? [] : [root])
  await writeDurably(join(folder, 'roots.pem'), toPem(root.der) + toPem(tsaRoot.der), { mode: 0o644 })
  await syncFolder(folder)
}

/** Viewers show the common name and little else, so the mark stands in it; X.520 gives it 64 characters. */
function marked(wish: CertificateWish): CertificateWish {
  const mark = ' (SINATURA DE PROBA)'
  return { ...wish, commonName: wish.commonName.slice(0, 64 - mark.length) + mark }
}

async function keep(folder: string, name: KeyFile, issued: IssuedKey, issuers: IssuedKey[]): Promise<void> {
  await writeSigner(join(folder, `${name}.pem`), { key: issued.privateKey, chain: [issued.der, ...issuers.map((one) => one.der)] })
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

export class DemoAuthorityError extends Error {
  override readonly name = 'DemoAuthorityError'
}
