/** An importer in a process of its own, to be killed: `{storage, uploads, work, server}` as JSON argument. */
import { startImporter } from '../../../recorder/import/import-recording.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { openStorage } from '../../../storage/storage.ts'

const { storage: storageConfig, ...places } = JSON.parse(process.argv[2] ?? '{}')
const storage = await openStorage(storageConfig, { attach: true })
await startImporter({ storage, ffmpeg: await findFfmpeg(process.env), ...places })
