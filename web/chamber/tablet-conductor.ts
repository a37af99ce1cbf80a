import type { CouncilId } from '../../storage/model/ids.ts'
import { readAccount } from '../../storage/records/accounts.ts'
import type { Tx } from '../../storage/records/database.ts'
import { listTablets, readTablet, type Tablet } from '../../storage/records/tablets.ts'
import type { Conductor } from '../sign-in/conductor.ts'
import type { ChamberTablet } from './chamber-protocol.ts'

/** The tablets that may command without a line: enrolled, not revoked, of the secretary, with a key and a PIN of their own. */
export async function chamberTablets(tx: Tx): Promise<ChamberTablet[]> {
  const found: ChamberTablet[] = []
  for (const one of await listTablets(tx)) {
    const of = await secretaryOf(tx, one)
    if (of === undefined || one.chamberKey === undefined || one.pinHash === undefined) continue
    found.push({ id: one.id, key: one.chamberKey, pinHash: one.pinHash, account: of.id, person: of.name, by: byOf(of) })
  }
  return found
}

/** Who a tablet acts for, as the server knows it now, and its key; undefined when it may command no more. */
export async function tabletConductor(
  tx: Tx,
  council: CouncilId,
  tablet: string,
): Promise<{ conductor: Conductor; key: string } | undefined> {
  const kept = await readTablet(tx, tablet)
  const of = kept && (await secretaryOf(tx, kept))
  if (kept?.chamberKey === undefined || of === undefined) return undefined
  return { key: kept.chamberKey, conductor: conductorOfTablet({ id: tablet, account: of.id, person: of.name, by: byOf(of) }, council) }
}

/** Who conducts by a tablet's own key. */
export function conductorOfTablet(of: Pick<ChamberTablet, 'id' | 'account' | 'person' | 'by'>, council: CouncilId): Conductor {
  const { id, account, person: name, by } = of
  return { account, council, name, role: 'secretary', by, device: `tablet-${id}`, tablet: id, byTabletAlone: true }
}

async function secretaryOf(tx: Tx, of: Tablet) {
  const account = of.revokedAtMs === undefined ? await readAccount(tx, of.account) : undefined
  return account?.role === 'secretary' ? account : undefined
}

const byOf = (of: { id: string; member?: string | undefined }) => ({ role: 'secretary' as const, id: of.member ?? of.id })
