import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { exportSession } from '../minutes/export-session.ts'
import type { CouncilId, SessionId } from '../storage/model/ids.ts'
import { listSessions } from '../storage/records/sessions.ts'
import type { Storage } from '../storage/storage.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { openBesideServer } from './open-beside-server.ts'
import { exportEs } from './words/export-es.ts'
import { exportGl } from './words/export-gl.ts'

/** `escano export SESSION --out DIR [--kind custody|public]`: SESSION is the session's address, `council/session`, or its id. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const words = io.language === 'es' ? exportEs : exportGl
  const { values, positionals } = parseArguments(args, {
    options: { out: { type: 'string' }, kind: { type: 'string', default: 'custody' } },
    places: { required: ['SESSION'] },
  })
  const { kind } = values
  if (values.out === undefined) throw new UsageError(() => words.missingOut)
  if (kind !== 'custody' && kind !== 'public') throw new UsageError(() => words.badKind(String(kind)))
  const out = resolve(io.cwd, values.out)
  await using storage = await openBesideServer(io)
  const found = await findSessions(storage, positionals[0] ?? '')
  const [only, ...more] = found
  if (only === undefined) throw new UsageError(() => words.unknownSession(positionals[0] ?? ''))
  if (more.length > 0)
    throw new UsageError(() =>
      words.severalSessions(
        positionals[0] ?? '',
        found.map((one) => one.name),
      ),
    )
  await mkdir(dirname(out), { recursive: true })
  const { files, contents } = await exportSession(storage, only.council, only.session, out, kind)
  io.answer({ out, kind: contents.kind, session: contents.session, files: files.length, withheld: contents.withheld.length })
  io.say(words.done(files.length, out))
  return 0
}

async function findSessions(storage: Storage, name: string): Promise<{ council: CouncilId; session: SessionId; name: string }[]> {
  const found = []
  for (const { id, slug } of await storage.database.directory()) {
    for (const { session } of await storage.database.inCouncil(id, (tx) => listSessions(tx))) {
      const address = `${slug}/${session.slug}`
      if ([session.id as string, session.slug, address].includes(name)) found.push({ council: id, session: session.id, name: address })
    }
  }
  return found
}
