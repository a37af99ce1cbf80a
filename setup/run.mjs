import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { check } from './check.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { findNode24, runTypeScript } from './node24.mjs'
import { main, root, SetupError } from './root.mjs'

const benches = join(root, 'test', 'bench')

/** `npm run bench -- NAME [--json]`: runs test/bench/NAME.bench.ts. */
function bench([name, ...args]) {
  const known = existsSync(benches) ? readdirSync(benches).flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? []) : []
  if (name === undefined || !known.includes(name))
    throw new SetupError(`which bench? npm run bench -- NAME, of: ${known.join(', ') || 'none yet'}`)
  return runTypeScript(join('test', 'bench', `${name}.bench.ts`), args)
}

/** `npm run check`, `npm run bench`, `npm run conformance`, `npm run soak`, `npm run build`. */
await main(async ([verb, ...args]) => {
  await ensureDependencies()
  if (verb === 'check') return check(findNode24(), args)
  if (verb === 'bench') return bench(args)
  if (verb === 'conformance') return runTypeScript(join('test', 'conformance', 'score.conformance.ts'), args)
  if (verb === 'soak') return runTypeScript(join('test', 'soak', 'soak.ts'), args)
  if (verb === 'build') return build()
  throw new SetupError(`setup/run.mjs knows check, bench, conformance, soak and build, not ${verb}`)
})
