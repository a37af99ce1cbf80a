import { readdir, readFile } from 'node:fs/promises'

interface ProcessStat {
  pid: number
  parent: number
  name: string
  cpuSeconds: number
}

/** A process as Linux's /proc shows it; undefined when it has ended meanwhile. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text ?? '') ?? []
  const fields = rest.split(' ')
  return rest === '' ? undefined : { pid, parent: Number(fields[1]), name, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 }
}

/** Every process that this one started, and what those started. */
export async function descendants(): Promise<ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((one) => /^\d+$/.test(one)).map(Number)
  const all = (await Promise.all(pids.map(statOf))).filter((one) => one !== undefined)
  const found: ProcessStat[] = []
  for (let parents = [process.pid]; parents.length > 0; ) {
    const children = all.filter((one) => parents.includes(one.parent))
    found.push(...children)
    parents = children.map((one) => one.pid)
  }
  return found
}

/** Most memory that a process ever held, MB. 0 when it has ended. */
async function peakMegabytes(pid: number): Promise<number> {
  return kilobytes(`/proc/${pid}/status`, 'VmHWM')
}

/**
 * Memory that a process holds now, MB; what it shares with others (the program's own code) in equal parts, so that a sum over processes counts
 * it once (Linux's Pss). 0 when it has ended.
 */
export async function heldMegabytes(pid: number | 'self'): Promise<number> {
  return kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss')
}

/**
 * Memory that processes hold together, MB: what is theirs alone, and of each mapping of a file (a program's own code) the most that one of
 * them has of it, so that two processes of one program are not counted as two programs (proc(5), smaps). 0 when they have ended.
 */
export async function heldTogetherMegabytes(pids: readonly number[]): Promise<number> {
  const files = new Map<string, number>()
  let own = 0
  for (const pid of pids) {
    const text = await readFile(`/proc/${pid}/smaps`, 'utf8').catch(() => '')
    for (const [, mapping = '', fields = ''] of text.matchAll(/^[0-9a-f]+-[0-9a-f]+ (.+)\n((?:[A-Z].*\n)+)/gm)) {
      const kb = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(fields)?.[1] ?? 0)
      const [resident, anonymous] = [kb('Rss'), kb('Anonymous')]
      own += anonymous
      files.set(mapping, Math.max(files.get(mapping) ?? 0, resident - anonymous))
    }
  }
  return Math.round((own + sum([...files.values()])) / 1024)
}

async function kilobytes(path: string, field: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024)
}

export function isEngine({ name }: ProcessStat): boolean {
  return name === 'whisper-server'
}

/** Processor time and peak memory of all engines that this process runs. */
export async function costOfEngines(): Promise<{ cpuSeconds: number; peakMegabytes: number }> {
  const engines = (await descendants()).filter(isEngine)
  const peaks = await Promise.all(engines.map((one) => peakMegabytes(one.pid)))
  return { cpuSeconds: sum(engines.map((one) => one.cpuSeconds)), peakMegabytes: sum(peaks) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0)
}
