import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root, SetupError } from './root.mjs'

/** How to start npm: the one that runs us, else the one on PATH. */
function npmCommand(node) {
  const from = process.env.npm_execpath?.replace(/npx-cli\.js$/, 'npm-cli.js')
  return from?.endsWith('npm-cli.js') ? [node ?? process.execPath, [from]] : ['npm', []]
}

const reasons = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|network/,
    'the npm registry cannot be reached. Look at the network; what was downloaded is kept, so run this again and it goes on from there',
  ],
  [/ENOSPC/, 'the disk is full: about 1.1 GB are needed here and in the npm cache. Make room and run this again'],
  [/EACCES|EPERM|EROFS/, `this user may not write into ${root} or into the npm cache`],
  [
    /EINTEGRITY/,
    'a package is not the one that package-lock.json names. Nothing of it was used; if `npm cache verify` does not mend it, tell the maintainers',
  ],
  [/EUSAGE/, 'package.json and package-lock.json do not agree'],
]

function whyNot(output) {
  const known = reasons.find(([pattern]) => pattern.test(output))
  return known === undefined ? `npm ci failed:\n${output.trim().split('\n').slice(-12).join('\n')}` : `npm ci failed: ${known[1]}.`
}

/**
 * Runs `npm ci` here. A signal ends npm first and then us, so that none is left writing into node_modules.
 * @param options.node another Node to run npm with
 * @param options.started told npm's process id
 */
export function npmCi({ node, started }) {
  const [file, first] = npmCommand(node)
  const args = [...first, 'ci', '--prefer-offline', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    let signalled
    const pass = (signal) => {
      signalled = signal
      child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, pass)
    child.stderr.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000)
    })
    child.once('spawn', () => started(child.pid))
    child.once('error', (cause) => reject(new SetupError(`npm could not be started: ${cause.message}`)))
    child.once('close', (code) => {
      for (const signal of signals) process.removeListener(signal, pass)
      if (signalled !== undefined)
        reject(new SetupError('stopped; run it again and it goes on from there.', 128 + constants.signals[signalled]))
      else if (code === 0) resolve()
      else reject(new SetupError(whyNot(output)))
    })
  })
}
