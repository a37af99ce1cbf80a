import { newId } from '../../../storage/model/ids.ts'
import type { Tx } from '../../../storage/records/database.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import { type TestStorage, testSession } from '../../servers/test-storage.ts'

/** Runs the work in a session of its own, whose records no other test sees. */
export async function inNewSession<T>(
  { council, database }: TestStorage,
  work: (tx: Tx, session: TestStorage['session']) => Promise<T>,
): Promise<T> {
  const session = testSession(council, { slug: `s-${newId()}` })
  return await database.inCouncil(council.id, async (tx) => {
    await putSession(tx, session)
    return await work(tx, session)
  })
}
