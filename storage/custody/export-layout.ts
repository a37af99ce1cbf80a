import { type SealedLine, type SegmentLine, segmentFormat } from '../model/recording.ts'

/** Where each thing lies in an export folder (design.md §3); every path is spelt here and nowhere else. */
export const exportPath = {
  contents: 'contents.json',
  readme: 'LEAME.txt',
  acta: 'acta.pdf',
  actaManifest: 'acta-manifest.json',
  blocks: 'blocks.json',
  recordingManifest: 'recording-manifest.json',
  recordingSeal: 'recording-manifest.json.p7s',
  master: 'recording/master.mp4',
  /** The file that an imported recording was brought as; in a custody copy only. */
  original: 'recording/original',
  journal: 'recording/journal.jsonl',
  tree: 'recording/tree.json',
  events: 'events.jsonl',
  transcript: 'transcript.json',
  captions: (language: string) => `captions.${language}.vtt`,
  checkpoint: 'log/checkpoint',
  /** Token over the bytes of the checkpoint: DER of the TimeStampToken, for `openssl ts -verify -token_in`. */
  checkpointToken: 'log/checkpoint.tst',
  logFile: (path: string) => `log/${path}`,
  verifier: 'verify.mjs',
  segments: 'recording/segments/',
  segment: (line: Pick<SegmentLine, 'part' | 'track' | 'index'>) =>
    `recording/segments/${String(line.part).padStart(3, '0')}-${String(line.index).padStart(6, '0')}-${line.track}.${segmentFormat(line.track).extension}`,
  sealedSegments: 'recording/sealed/',
  /** Encrypted to the council's keys (age); `escano closed-part open` opens it. */
  sealed: (line: Pick<SealedLine, 'part' | 'track' | 'index'>) =>
    `recording/sealed/${String(line.part).padStart(3, '0')}-${String(line.index).padStart(6, '0')}-${line.track}.${segmentFormat(line.track).extension}.age`,
} as const

/** Whether a path may stand in an export: relative, plain, without a way out of the folder. */
export function isExportPath(path: string): boolean {
  return path.length <= 512 && /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(path) && path.split('/').every((part) => !/^\.+$/.test(part))
}
