import { type SegmentLine, segmentFormat } from '../model/recording.ts'

type SegmentPlace = Pick<SegmentLine, 'part' | 'track' | 'index'>

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
  segment: (line: SegmentPlace) => `recording/segments/${segmentName(line)}`,
  sealedSegments: 'recording/sealed/',
  /** Encrypted to the council's keys (age); `escano closed-part open` opens it. */
  sealed: (line: SegmentPlace) => `recording/sealed/${segmentName(line)}.age`,
} as const

/** What one recorder of a session left: the first one's lies in `recording/` itself, the second one's in `recording/recorder-2/`. */
export function recorderPaths(at: number) {
  const folder = at === 0 ? 'recording/' : `recording/recorder-${at + 1}/`
  return {
    journal: `${folder}journal.jsonl`,
    tree: `${folder}tree.json`,
    segments: `${folder}segments/`,
    segment: (line: SegmentPlace) => `${folder}segments/${segmentName(line)}`,
    sealedSegments: `${folder}sealed/`,
    sealed: (line: SegmentPlace) => `${folder}sealed/${segmentName(line)}.age`,
  }
}

function segmentName({ part, index, track }: SegmentPlace): string {
  return `${String(part).padStart(3, '0')}-${String(index).padStart(6, '0')}-${track}.${segmentFormat(track).extension}`
}

/** Whether a path may stand in an export: relative, plain, without a way out of the folder. */
export function isExportPath(path: string): boolean {
  return path.length <= 512 && /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(path) && path.split('/').every((part) => !/^\.+$/.test(part))
}
