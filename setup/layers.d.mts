/** An import that a rule of .dependency-cruiser.cjs forbids. */
interface Breach {
  rule: string
  from: string
  to: string
  way: string[]
}

export function sourceFiles(root: string): string[]
export function checkLayers(root: string, node?: string): { read: number; unread: string[]; breaches: Breach[] }
