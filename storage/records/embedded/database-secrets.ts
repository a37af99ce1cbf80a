import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../../programs/durable-file.ts'

/** The passwords of an embedded database are gone or not readable. */
export class DatabaseSecretsError extends Error {
  override readonly name = 'DatabaseSecretsError'
}

const password = z.string().min(32)
const secrets = z.object({ superuser: password, owner: password, app: password })
export type DatabaseSecrets = z.infer<typeof secrets>

/**
 * Passwords of the embedded database's three roles, kept beside it with mode 0600; made when the database is still to be made.
 * @throws DatabaseSecretsError there is a database and its passwords are gone
 */
export async function openDatabaseSecrets(data: string, databaseExists: boolean): Promise<DatabaseSecrets> {
  const path = join(data, 'database-secrets.json')
  try {
    return secrets.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    if (databaseExists || !missing) {
      throw new DatabaseSecretsError(`${path} is missing or damaged; without it the database cannot be opened. Put it back from a backup`, {
        cause,
      })
    }
  }
  const made = { superuser: newPassword(), owner: newPassword(), app: newPassword() }
  await writeDurably(path, JSON.stringify(made), { mode: 0o600 })
  return made
}

function newPassword(): string {
  return randomBytes(32).toString('base64url')
}
