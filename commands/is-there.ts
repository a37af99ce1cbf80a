import { access } from 'node:fs/promises'

/** Whether something lies at that path. */
export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
