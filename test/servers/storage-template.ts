import { createHash, randomBytes } from 'node:crypto'
import { access, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../storage/programs/run-program.ts'

const records = join(import.meta.dirname, '../../storage/records')

/**
 * Puts a data folder that was made before in place of a new one: making a database takes seconds, a copy of one tenths.
 * The template is of exactly these sources of storage/records, and is kept in the temporary folder for the next run.
 * @param data does not exist yet
 * @param make makes a data folder and leaves it closed
 */
export async function copyTemplate(data: string, make: (data: string) => Promise<void>): Promise<void> {
  const mark = `escano-template-${process.getuid?.() ?? 0}-`
  const template = join(tmpdir(), `${mark}${await hashOfSources()}`)
  if (!(await exists(template))) {
    for (const old of (await readdir(tmpdir())).filter((name) => name.startsWith(mark)))
      await rm(join(tmpdir(), old), { recursive: true, force: true })
    const draft = join(tmpdir(), `escano-draft-${randomBytes(6).toString('hex')}`)
    await make(draft)
    // Where another test file was faster, its template serves.
    await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }))
  }
  await runProgram('cp', ['-a', template, data])
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const names = await readdir(records, { recursive: true })
  for (const name of names.filter((one) => one.endsWith('.ts')).sort()) hash.update(name).update(await readFile(join(records, name)))
  return hash.digest('hex').slice(0, 16)
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
