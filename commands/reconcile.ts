import { reconcileCouncil } from '../storage/reconcile.ts'
import { parseArguments } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { openBesideServer } from './open-beside-server.ts'
import { reconcileEs } from './words/reconcile-es.ts'
import { reconcileGl } from './words/reconcile-gl.ts'

/**
 * `escano reconcile [--everything]`: holds journals, receipts and store of every council against each other, and changes nothing.
 * `--json`: `{councils: [{council, report}]}` (storage/records/reconciliations.ts). `--everything` hashes old sessions again too.
 * @returns 0 when all agree, else 1
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArguments(args, { options: { everything: { type: 'boolean', default: false } } })
  const words = io.language === 'es' ? reconcileEs : reconcileGl
  await using storage = await openBesideServer(io)
  const councils = []
  for (const { id, slug } of await storage.database.directory()) {
    io.progress(words.looking(slug))
    const report = await reconcileCouncil(storage, id, { everything: values.everything === true })
    councils.push({ council: slug, report })
    io.say(words.summary(slug, report.sessions, report.segments, report.hashed, report.findingsTotal))
    for (const one of report.findings)
      io.say(words.finding(one.slug, words.codes[one.code], one.key ?? `${one.recorder} ${one.line}`, one.detail))
  }
  io.answer({ councils })
  return councils.every(({ report }) => report.findingsTotal === 0) ? 0 : 1
}
