import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { storageConfig } from '../storage/config.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import type { CommandIo } from './command-io.ts'

/** The database of these data: that of the process that serves them now, or our own while nobody does. */
export async function openBesideServer(io: CommandIo): Promise<Storage> {
  const config = storageConfig(io.env)
  try {
    return await openStorage(config, { attach: true })
  } catch (error) {
    // Nobody serves these data: they are opened here, if there are any; a database made for a mistyped folder would help nobody.
    const isServed = !(error instanceof Error) || error.name !== 'DatabaseUnavailableError'
    if (isServed || !existsSync(join(config.data, 'postgres'))) throw error
    return await openStorage(config)
  }
}
