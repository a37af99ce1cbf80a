/** 16 kHz mono s16le samples with the header that makes them a WAV file. */
export function wavOf(pcm: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = Buffer.alloc(44 + pcm.length)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + pcm.length, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(16_000, 24)
  file.writeUInt32LE(32_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(pcm.length, 40)
  file.set(pcm, 44)
  return Uint8Array.from(file)
}

/** Whisper gives up on less than a second: short chunks get silence after them. */
export function atLeastSeconds(pcm: Uint8Array, seconds: number): Uint8Array {
  const wanted = seconds * 32_000
  if (pcm.length >= wanted) return pcm
  const longer = new Uint8Array(wanted)
  longer.set(pcm)
  return longer
}
