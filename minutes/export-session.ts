import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BlockTree, blockTreeFile } from '../storage/custody/block-tree.ts'
import { exportPath } from '../storage/custody/export-layout.ts'
import { documentBytes, type ExportContents, exportContents, type ListedFile, parseDocument } from '../storage/custody/manifests.ts'
import type { CouncilId, SessionId } from '../storage/model/ids.ts'
import { writeDurably } from '../storage/programs/durable-file.ts'
import type { Storage } from '../storage/storage.ts'
import { makeFolderDurably, syncFolders, writeExportFile } from './export/export-folder.ts'
import { type ExportMaterial, readExportMaterial } from './export/export-material.ts'
import { planExport } from './export/export-plan.ts'
import { exportReadme } from './export/export-readme.ts'
import { ensureVerifier } from './verify/verifier-file.ts'

/**
 * Writes a session's export folder (design.md §3): everything needed to open and check it without us. Objects are streamed and hashed
 * while they are copied; `contents.json` lists what was written and comes last.
 * @param out folder to be made; its parent is there
 * @param kind `custody` holds all, `public` what anybody may see
 * @throws ExportIncompleteError · ExportExistsError · ExportObjectError · ObjectNotFoundError
 */
export async function exportSession(
  storage: Storage,
  council: CouncilId,
  session: SessionId,
  out: string,
  kind: ExportContents['kind'],
): Promise<{ files: ListedFile[]; contents: ExportContents }> {
  const material = await storage.database.inCouncil(council, (tx) => readExportMaterial(tx, session))
  const plan = planExport(material, kind, await readBlocks(storage, material))
  const own = [
    { path: exportPath.readme, bytes: new TextEncoder().encode(exportReadme(material.council, material.session, kind)) },
    { path: exportPath.verifier, bytes: new Uint8Array(await readFile(await ensureVerifier())) },
  ]
  return await makeFolderDurably(out, async (folder) => {
    const files: ListedFile[] = []
    for (const file of [...plan.files, ...own]) files.push(await writeExportFile(folder, file, storage.objects))
    files.sort((a, b) => (a.path < b.path ? -1 : 1))
    const contents: ExportContents = { v: 1, kind, council: material.council.dir3, session, files, withheld: plan.withheld }
    await syncFolders(folder, files)
    await writeDurably(join(folder, exportPath.contents), documentBytes(exportContents, contents))
    return { files, contents }
  })
}

async function readBlocks(storage: Storage, of: ExportMaterial): Promise<BlockTree | undefined> {
  const document = of.documents.get('acta-blocks')
  return document && parseDocument(blockTreeFile, await storage.objects.read(document.key, document.version))
}
