import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDemoAuthority } from '../../commands/demo/authority.ts'
import { renderActaPdf } from '../../minutes/documents/acta-pdf.ts'
import { signPdf } from '../../minutes/signature/pades.ts'
import { verifyPdfSignatures } from '../../minutes/signature/pdf-signatures.ts'
import { sampleActa } from '../minutes/documents/sample-acta.ts'

/** A long acta to PDF/A, then seal and two signatures at level B-T by the authority in process (design.md §4 `acta`); B-LTA is not made yet. */
const rounds = 5
const folder = await mkdtemp(join(tmpdir(), 'escano-bench-acta-'))
const council = { name: 'Concello de Vilariño do Monte', dir3: 'L01279990' }
const authority = await openDemoAuthority(folder, { council, secretary: 'Noela Lestrigo', mayor: 'Sabela Outedal' })
const material = sampleActa({ items: 43, turns: 5 })

const times = { render: [] as number[], renderCpu: [] as number[], sign: [] as number[], signCpu: [] as number[], verify: [] as number[] }
let [pages, bytes, sound] = [0, 0, true]
for (let round = 0; round < rounds; round++) {
  const cpu = process.cpuUsage()
  let from = performance.now()
  let pdf = await renderActaPdf(material)
  times.render.push(performance.now() - from)
  const used = process.cpuUsage(cpu)
  times.renderCpu.push((used.user + used.system) / 1000)
  pages =
    Buffer.from(pdf)
      .toString('latin1')
      .match(/\/Type \/Page\b/g)?.length ?? 0
  from = performance.now()
  const signing = process.cpuUsage()
  for (const field of ['seal', 'secretary', 'mayor'] as const) {
    const wish = { field, name: field, reason: 'Acta', at: new Date(), look: { lines: ['Asinado electronicamente'] } }
    pdf = await signPdf(pdf, { ...wish, signer: authority[field], timeStamp: authority.timeStamps })
  }
  times.sign.push(performance.now() - from)
  const spent = process.cpuUsage(signing)
  times.signCpu.push((spent.user + spent.system) / 1000)
  from = performance.now()
  const { checks } = await verifyPdfSignatures(pdf, authority.trust)
  times.verify.push(performance.now() - from)
  sound &&= checks.every((one) => one.ok)
  bytes = pdf.length
}
await rm(folder, { recursive: true })

const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN)
const result = {
  bench: 'acta',
  ...{ pages, bytes, sound },
  ...{
    renderMs: median(times.render),
    renderCpuMs: median(times.renderCpu),
    signMs: median(times.sign),
    signCpuMs: median(times.signCpu),
    verifyMs: median(times.verify),
  },
  goal: { pages: 60, renderMs: 2000, signMs: 2000 },
}
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(result)
    : `acta: ${pages} pages in ${result.renderMs} ms (${result.renderCpuMs} ms of processor; goal ≤ 2000), seal and two signatures B-T in ${result.signMs} ms (${result.signCpuMs} ms; goal ≤ 2000), verified in ${result.verifyMs} ms, sound: ${sound}`,
)
