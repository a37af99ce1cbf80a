import { getDocumentProxy } from 'unpdf'

/** What the process says on its output, one JSON object. */
interface Said {
  text?: string
  problem?: 'not-pdf' | 'encrypted' | 'no-text' | 'too-many-pages' | 'too-much'
}

const [maxPages = 60, maxMemoryMb = 400] = process.argv.slice(2).map(Number)

/** A file may unpack to far more than it weighs: beyond its memory the process ends itself, whatever it is doing between two turns. */
const watch = setInterval(() => {
  if (process.memoryUsage.rss() > maxMemoryMb * 1024 * 1024) say({ problem: 'too-much' })
}, 20)

function say(said: Said): never {
  process.stdout.write(JSON.stringify(said))
  process.exit(0)
}

try {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const text = await readText(Buffer.concat(chunks))
  clearInterval(watch)
  say(/\p{L}{2}/u.test(text) ? { text } : { problem: 'no-text' })
} catch (error) {
  const name = error instanceof Error ? error.name : ''
  say({ problem: name === 'PasswordException' ? 'encrypted' : 'not-pdf' })
}

/** The text of all pages, a line a line, as it stands on the page. */
async function readText(bytes: Uint8Array): Promise<string> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: false,
    verbosity: 0,
  })
  if (pdf.numPages > maxPages) say({ problem: 'too-many-pages' })
  const pages: string[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number)
    const { items } = await page.getTextContent()
    pages.push(linesOf(items.flatMap((item) => ('str' in item ? [item] : []))))
    page.cleanup()
  }
  return pages.join('\n')
}

interface TextPiece {
  str: string
  hasEOL: boolean
  transform: number[]
  height: number
}

/** Joins pieces into lines; a gap higher than a line and a half is an empty line. */
function linesOf(pieces: TextPiece[]): string {
  let text = ''
  let lastY: number | undefined
  for (const piece of pieces) {
    const y = piece.transform[5] ?? 0
    if (piece.str.trim() !== '') {
      const drop = lastY === undefined ? 0 : Math.abs(lastY - y)
      if (drop > piece.height * 0.5 && !text.endsWith('\n')) text += '\n'
      if (drop > piece.height * 2) text += '\n'
      lastY = y
    }
    text += piece.str
    if (piece.hasEOL) text += '\n'
  }
  return text
}
