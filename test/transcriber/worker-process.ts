/** A transcriber worker in a process of its own, to be killed: `{storage, transcriber}` as JSON argument. */
import { openStorage } from '../../storage/storage.ts'
import { startTranscriber } from '../../transcriber/main.ts'

const { storage: storageConfig, transcriber } = JSON.parse(process.argv[2] ?? '{}')
const storage = await openStorage(storageConfig, { attach: true })
await startTranscriber(storage, transcriber, process.env)
