import { exportPath } from '../../storage/custody/export-layout.ts'

/**
 * Every code that `verify` may print, with what stands behind it when it is ok. Stable: machines and the README rely on them.
 */
export const checkCodes = {
  contents: 'contents.json lists every file of the folder, each with its hash and size',
  identity: 'contents, manifests, tree and log speak of one council and one session',
  'recording-manifest': 'the recording manifest has the hash that the signed acta names',
  'recording-seal': "the council's seal and its time-stamp cover the recording manifest",
  imported: 'the recording was brought as a file: what the sealed manifest states of it, and that nothing proves when it was recorded',
  journal: 'every line of the journal is canonical, and they are the leaves of the sealed tree',
  tree: 'tree.json has the root that the journal gives and the manifest names',
  heads: 'every head is signed by the recorder, follows from the journal and from the head before, and the last covers it whole',
  'head-tokens': 'every time-stamp of a head is over that head, by a known authority',
  segments: 'every segment of the journal is there with its hash and size, in unbroken order',
  gaps: 'every interruption is stated, in the journal and in the manifest',
  record: 'of several recorders the manifest says whose recording is of record, as the journals give it, and what nobody recorded',
  master: 'master.mp4 has the hash and size that the manifest names',
  events: 'the session events have the hash that the acta names and continue those of the close',
  votes: 'the votes in the events have the hash that the acta names',
  transcript: 'the transcript has the hash that the acta names',
  captions: 'the captions have the hash that the acta names',
  'acta-manifest': 'acta-manifest.json is the file attached to the signed PDF',
  'acta-blocks': 'the blocks of the acta give the root that the acta names',
  'acta-pdf': 'acta.pdf is there and has its listed hash',
  'pdf-structure': 'the PDF can be read, every object of it',
  'pdf-coverage': 'each signature covers its whole revision, all but its own zero-padded place',
  'pdf-revisions': 'after the first signature only signatures, long-term data and time-stamps were added',
  'pdf-signatures': 'a signature of the PDF and its time-stamp hold; once for each signature',
  'signature-order': 'the secretary signed, then the mayor',
  log: "the log's tiles follow from its entries and give the root of the checkpoint",
  'log-checkpoint': "the checkpoint is signed by the council's known log key",
  'log-token': 'the time-stamp of the checkpoint is over that checkpoint, by a known authority',
  'log-inclusion': 'the log holds the recording and every signed revision of the acta',
  'anchor-unknown': 'a signature, time-stamp, log or recorder leads to an anchor that is trusted here',
} as const
export type CheckCode = keyof typeof checkCodes

const codeOfFile: Record<string, CheckCode> = {
  [exportPath.acta]: 'acta-pdf',
  [exportPath.actaManifest]: 'acta-manifest',
  [exportPath.blocks]: 'acta-blocks',
  [exportPath.recordingManifest]: 'recording-manifest',
  [exportPath.recordingSeal]: 'recording-seal',
  [exportPath.master]: 'master',
  [exportPath.original]: 'imported',
  [exportPath.journal]: 'journal',
  [exportPath.tree]: 'tree',
  [exportPath.events]: 'events',
  [exportPath.transcript]: 'transcript',
}

/** The code under which a changed file is reported, so that the answer names what was touched. */
export function codeOfPath(wanted: string): CheckCode {
  // What a further recorder left has the code of what the first one left.
  const path = wanted.replace(/^recording\/recorder-\d+\//, 'recording/')
  if (path.startsWith(exportPath.segments) || path.startsWith(exportPath.sealedSegments)) return 'segments'
  if (path.startsWith('log/')) return 'log'
  if (/^captions\.[a-z]+\.vtt$/.test(path)) return 'captions'
  return codeOfFile[path] ?? 'contents'
}
