import type { Connection } from '../connection.ts'
import { withClient } from '../connection.ts'
import type { DatabaseSecrets } from './database-secrets.ts'

/** The roles of an embedded database, from the strongest: PostgreSQL's own, the owner of the tables, the product. */
export interface EmbeddedRoles {
  superuser: Connection
  owner: Connection
  app: Connection
}

export function embeddedRoles(socketFolder: string, secrets: DatabaseSecrets): EmbeddedRoles {
  const at = { host: socketFolder, port: 5432, database: 'escano', tls: false }
  return {
    superuser: { ...at, database: 'postgres', user: 'postgres', password: secrets.superuser },
    owner: { ...at, user: 'escano_owner', password: secrets.owner },
    app: { ...at, user: 'escano_app', password: secrets.app },
  }
}

/**
 * Makes the two roles and the database where they are missing; done again it changes nothing. Neither role is a superuser, so that
 * row-level security holds for both.
 */
export async function provision(roles: EmbeddedRoles): Promise<void> {
  await withClient(roles.superuser, async (client) => {
    for (const { user, password } of [roles.owner, roles.app]) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [user])
      if (rowCount === 0) {
        await client.query(
          `create role ${user} login nosuperuser nobypassrls nocreatedb nocreaterole password ${client.escapeLiteral(password)}`,
        )
      }
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [roles.owner.database])
    if (rowCount === 0) await client.query(`create database ${roles.owner.database} owner ${roles.owner.user}`)
    await client.query(`revoke all on database ${roles.owner.database} from public`)
    await client.query(`grant connect on database ${roles.owner.database} to ${roles.app.user}`)
  })
}
