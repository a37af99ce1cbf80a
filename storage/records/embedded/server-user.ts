import { readFile } from 'node:fs/promises'

/** Whom the database server runs as when we are root, which PostgreSQL refuses to be. */
export interface ServerUser {
  name: string
  uid: number
  gid: number
}

/** No unprivileged user can be taken for the database server. */
export class NoServerUserError extends Error {
  override readonly name = 'NoServerUserError'
}

/**
 * The user for the database server: undefined when we are an ordinary user ourselves; as root `postgres`, else `nobody`.
 * @throws NoServerUserError we are root and neither exists
 */
export async function findServerUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'))
  const found = users.find((user) => user.name === 'postgres') ?? users.find((user) => user.name === 'nobody')
  if (found !== undefined) return found
  throw new NoServerUserError(
    'PostgreSQL does not run as root, and /etc/passwd has no user «postgres» or «nobody» to run it as. Start Escano as an ordinary user.',
  )
}

/** Users of a passwd file (passwd(5)) with an id that a process can be given. */
export function parsePasswd(text: string): ServerUser[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid = '', gid = '']) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.name !== '' && user.uid > 0 && user.gid > 0)
}
