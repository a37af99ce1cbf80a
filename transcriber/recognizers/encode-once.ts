/**
 * The one change that we build into whisper.cpp: what was encoded last is not encoded again. Its server encodes a window for every request, a
 * chunk's language is asked for before its words (`detectionFields`), and encoding 30 s is most of the work. What the decoder reads of an
 * encoding, the keys and values of its cross-attention, is written by encodings alone: when all of the input (the spectrogram's window, as
 * long as the audio context) is byte for byte that of the last one that was whole, they stand there still.
 * Upstream asks the same: github.com/ggml-org/whisper.cpp/issues/3954.
 */
const insertions: readonly { anchor: string; before?: string; after?: string }[] = [
  {
    anchor: '    std::vector<float> inp_mel;\n',
    after: '    std::vector<float> encoded_mel; // input of the encoding that kv_cross holds; empty: it holds none that is whole\n',
  },
  {
    anchor: '            ggml_backend_tensor_set(mel, wstate.inp_mel.data(),',
    before: `            if (wstate.encoded_mel.size() == wstate.inp_mel.size() &&
                memcmp(wstate.encoded_mel.data(), wstate.inp_mel.data(), wstate.inp_mel.size()*sizeof(float)) == 0) {
                ggml_backend_sched_reset(sched);
                return !(abort_callback && abort_callback(abort_callback_data));
            }
            wstate.encoded_mel.clear();

`,
  },
  { anchor: '    wstate.n_encode++;\n', after: '    wstate.encoded_mel = wstate.inp_mel;\n' },
]

/** whisper.cpp's `src/whisper.cpp` with the change, or undefined where it is not the text that the change was written for. */
export function encodeOnce(source: string): string | undefined {
  let changed = source
  for (const { anchor, before = '', after = '' } of insertions) {
    const parts = changed.split(anchor)
    if (parts.length !== 2) return undefined
    changed = parts.join(before + anchor + after)
  }
  return changed
}
