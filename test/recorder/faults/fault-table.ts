/** What a fault did, as study-recorder.md §4 asks: printed, so that whoever runs the suite sees the figures and not only that they pass. */
export interface FaultRow {
  fault: string
  segments: number
  lost: number
  wrong: number
  double: number
  note: string
}

const rows: FaultRow[] = []

export function noteFault(row: FaultRow): void {
  rows.push(row)
}

export function printFaults(): void {
  if (rows.length > 0) console.table(rows)
}
