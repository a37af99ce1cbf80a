import { missingCeph, startCeph } from '../servers/ceph.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { missingNamespaces, openChamberLine } from '../servers/network-namespace.ts'
import { startOpensslAuthority } from '../servers/openssl-authority.ts'
import { openTestStorage, type TestStorage } from '../servers/test-storage.ts'
import { startAgentServer } from '../web/agent/chamber.ts'

/** A server and its store, and a slow line to both that can be cut. */
export interface UploadLine extends AsyncDisposable {
  /** What it is made of, for the record. */
  readonly made: string
  readonly storage: TestStorage
  /** Address of the server at the far end of the line. */
  readonly server: string
  /** Of an address in a ticket, the one that the far end reaches. */
  reach(url: string): string
  readonly prefix: readonly string[]
  /** Objects under a prefix, each version by itself. */
  count(prefix: string): Promise<number>
  cut(): Promise<void>
  mend(): Promise<void>
}

/** The real thing where it can be had: the kernel's token bucket on a network of its own, and Ceph. Else a proxy that paces, and the disk. */
export async function openUploadLine(bytesPerSecond: number): Promise<UploadLine> {
  const [noLine, noCeph] = [await missingNamespaces(), await missingCeph()]
  const parts: AsyncDisposable[] = []
  const keep = <T extends AsyncDisposable>(part: T): T => {
    parts.push(part)
    return part
  }
  const authority = keep(await startOpensslAuthority())
  const close = async () => {
    for (const one of parts.reverse()) await one[Symbol.asyncDispose]()
  }
  if (noLine === undefined && noCeph === undefined) {
    const line = keep(await openChamberLine())
    const ceph = keep(await startCeph(line.host))
    const storage = keep(await openTestStorage({ objects: ceph.config('upload') }))
    const server = keep(await startAgentServer(storage, authority.timeStamps, 0, line.host))
    await line.limit(bytesPerSecond * 8)
    const { prefix, cut, mend } = line
    const count = (under: string) => ceph.countVersions('upload', under)
    const made = 'network namespace, tbf; Ceph radosgw'
    return { made, storage, server: server.url, reach: (url) => url, prefix, cut, mend, count, [Symbol.asyncDispose]: close }
  }
  const storage = keep(await openTestStorage())
  const server = keep(await startAgentServer(storage, authority.timeStamps))
  const way = keep(await startFaultProxy(server.port))
  way.pace(bytesPerSecond)
  const address = `http://127.0.0.1:${way.port}`
  return {
    made: `pacing proxy; disk store (${[noLine, noCeph && `${noCeph} is not installed`].filter(Boolean).join('; ')})`,
    ...{ storage, server: address, prefix: [] },
    reach: (url) => {
      const { pathname, search } = new URL(url)
      return address + pathname + search
    },
    count: async (under) => {
      let objects = 0
      for await (const _object of storage.objects.list(under)) objects++
      return objects
    },
    cut: async () => way.cut(),
    mend: async () => way.mend(),
    [Symbol.asyncDispose]: close,
  }
}
