/** The floors of the house (ARCHITECTURE.md). test/house/layers.test.ts breaks each rule once and sees it caught. */

const floors = '(recorder|transcriber|minutes|web|storage|commands)'
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})(/|$)`
const core = (...names) => `^(node:)?(${names.join('|')})$`

const postgres = npm('pg', 'kysely', 'pg-boss', 'pg-[a-z-]+')
const aws = npm('@aws-sdk', '@smithy', '@aws-crypto')
const webServer = npm('express', 'express-rate-limit', 'helmet', 'compression', 'socket\\.io')
const childProcesses = `${npm('execa')}|${core('child_process')}`

/** A module of Node, which a browser does not have: a bare word without extension. */
const nodeModules = '^(node:)?[a-z0-9_/]+$'
const pureLibraries = npm(
  'zod',
  'canonicalize',
  'pkijs',
  'asn1js',
  '@noble/[a-z]+',
  'age-encryption',
  'pvtsutils',
  'pvutils',
  'bytestreamjs',
)

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule('no-circle', 'Two files that need each other are one file, or miss a third.', {}, { circular: true }),
    rule(
      'workers-meet-in-storage',
      'Recorder, transcriber and minutes tell each other by a record or a job, never by a call.',
      { path: '^(recorder|transcriber|minutes)/' },
      { path: '^(recorder|transcriber|minutes)/', pathNot: '^$1/' },
    ),
    rule(
      'workers-know-no-floor-above',
      'What works for the web or the command does not know them.',
      { path: '^(recorder|transcriber|minutes)/' },
      { path: '^(web|commands)/|^escano\\.ts$' },
    ),
    rule(
      'storage-is-the-ground',
      'Nothing lies under storage.',
      { path: '^storage/' },
      { path: '^(recorder|transcriber|minutes|web|commands)/|^escano\\.ts$' },
    ),
    rule(
      'model-and-custody-are-pure',
      'The browser, the tablet offline and the one-file verifier run this very code.',
      { path: '^storage/(model|custody)/' },
      { pathNot: `^storage/(model|custody)/|${pureLibraries}` },
    ),
    rule(
      'web-knows-the-recorder-by-its-protocol',
      'The web talks to the agent in the chamber; it never runs it.',
      { path: '^web/' },
      { path: '^recorder/', pathNot: '^recorder/control-protocol\\.ts$' },
    ),
    rule(
      'transcriber-is-reached-by-jobs',
      'So it can live on the machine with the GPU.',
      { pathNot: '^(transcriber|commands|test)/|^escano\\.ts$' },
      { path: '^transcriber/' },
    ),
    rule(
      'web-is-under-the-commands',
      'A command builds the web; the web does not know commands.',
      { path: '^web/' },
      { path: '^commands/|^escano\\.ts$' },
    ),
    rule('nothing-imports-tests', 'Tests see everything, nothing sees them.', { path: `^${floors}/|^escano\\.ts$` }, { path: '^test/' }),
    rule(
      'pages-are-browser-code',
      'A module of a page reaches no module of Node and no server file.',
      { path: '^web/.+/page/' },
      { path: `${nodeModules}|${postgres}|${aws}|${webServer}|${childProcesses}`, reachable: true },
    ),
    rule(
      'one-home-for-s3',
      'Another store must not need another rewrite.',
      { pathNot: '^(storage/objects/s3|test/|node_modules/)' },
      { path: aws },
    ),
    rule(
      'one-home-for-postgres',
      'Row-level security holds where every query passes.',
      { pathNot: '^(storage/records/|test/|node_modules/)' },
      { path: postgres },
    ),
    rule('one-home-for-the-web-server', 'HTTP stays at the edge.', { pathNot: '^(web/|test/|node_modules/)' }, { path: webServer }),
    rule(
      'one-home-for-the-control-link',
      'The agent dials out from one file; pages follow live state.',
      { pathNot: '^(recorder/control-link\\.ts$|web/.+/page/|test/|node_modules/)' },
      { path: npm('socket\\.io-client') },
    ),
    rule(
      'one-home-for-child-processes',
      'One kill ladder, one error, no shell strings.',
      { pathNot: '^(storage/programs/|setup/|test/|node_modules/)' },
      { path: childProcesses },
    ),
    rule(
      'no-tool-in-the-product',
      'What is only installed for building is not there in the image.',
      {
        pathNot: '^(test/|web/vite\\.config\\.ts$|web/pages\\.ts$|vitest\\.config\\.ts$|minutes/verify/verifier-file\\.ts$|node_modules/)',
      },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    rule('everything-is-found', 'An import that leads nowhere.', { pathNot: '^node_modules/' }, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
