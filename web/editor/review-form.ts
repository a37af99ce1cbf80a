import { z } from 'zod'

/** What a press of a button in the editor asks for. */
export type ReviewWanted = { version: number; punto: string } & (
  | { act: 'accept'; sentence: string }
  | { act: 'accept-all' }
  | { act: 'rewrite'; sentence: string; text: string; other?: string }
  | { act: 'take-term'; sentence: string; word: string }
  | { act: 'attribute'; sentences: string[]; speaker: string }
  | { act: 'undo' }
  | { act: 'none' }
)

const base = z.object({ version: z.coerce.number().int().positive(), punto: z.string().max(200) })
const id = z.string().min(1).max(200)

/** Reads the form of the editor: the pressed button says what, the rest stands in its fields. @throws ZodError */
export function readReviewForm(body: unknown): ReviewWanted {
  const fields = z.record(z.string(), z.union([z.string(), z.array(z.string())])).parse(body)
  const place = base.parse(fields)
  if ('accept' in fields) return { ...place, act: 'accept', sentence: id.parse(fields['accept']) }
  if ('accept-all' in fields) return { ...place, act: 'accept-all' }
  if ('rewrite' in fields) {
    const sentence = id.parse(fields['rewrite'])
    const other = z.string().max(20_000).optional().parse(fields[`other-${sentence}`])
    const text = z.string().max(20_000).parse(fields[`text-${sentence}`])
    return { ...place, act: 'rewrite', sentence, text, ...(other === undefined ? {} : { other }) }
  }
  if ('take-term' in fields) {
    const [sentence, word] = z.string().parse(fields['take-term']).split('|')
    return { ...place, act: 'take-term', sentence: id.parse(sentence), word: id.parse(word) }
  }
  if ('speaker' in fields) {
    // A button, else what is chosen in the list.
    const speaker = [fields['speaker']].flat().find((one) => one !== '')
    const following = 'following' in fields && 'all' in fields ? z.string().max(20_000).parse(fields['following']).split(' ') : []
    return {
      ...place,
      act: 'attribute',
      sentences: [id.parse(fields['sentence']), ...following.filter((one) => one !== '')],
      speaker: id.parse(speaker),
    }
  }
  return 'undo' in fields ? { ...place, act: 'undo' } : { ...place, act: 'none' }
}
