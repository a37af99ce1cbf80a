import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, say } from './root.mjs'

/** Programs of the system that tests hold the product against, and servers they start. Nothing of it is needed to run Escano. */
export const debianParts = [
  { package: 'ffmpeg', use: 'recording and playing, ffprobe as outside oracle', programs: ['ffmpeg', 'ffprobe'] },
  { package: 'openssl', use: 'outside oracle for signatures and time-stamps', programs: ['openssl'] },
  { package: 'poppler-utils', use: 'pdfsig and pdftotext as outside oracles of the acta', programs: ['pdfsig'] },
  { package: 'qpdf', use: 'outside oracle of the PDF structure', programs: ['qpdf'] },
  { package: 'libnss3-tools', use: 'trust store for pdfsig', programs: ['certutil'] },
  { package: 'libxml2-utils', use: 'outside oracle of XML', programs: ['xmllint'] },
  {
    package: 'chromium-headless-shell',
    use: 'pages in a real browser; Chromium serves too, at twice the processor time',
    programs: ['chromium-headless-shell', 'google-chrome', 'microsoft-edge'],
  },
  { package: 'fonts-noto-core', use: 'the same letters on every machine in pictures of pages', folder: '/usr/share/fonts/truetype/noto' },
  { package: 'ceph-mon', use: 'S3 with Object Lock', programs: ['ceph-mon'] },
  { package: 'ceph-osd', use: 'S3 with Object Lock', programs: ['ceph-osd'] },
  { package: 'ceph-common', use: 'S3 with Object Lock', programs: ['ceph', 'rados'] },
  { package: 'radosgw', use: 'S3 with Object Lock', programs: ['radosgw'] },
  { package: 'python3-gi', use: 'RTSP camera (GStreamer)', folder: '/usr/lib/python3/dist-packages/gi' },
  { package: 'gir1.2-gst-rtsp-server-1.0', use: 'RTSP camera (GStreamer)' },
  { package: 'gstreamer1.0-plugins-good', use: 'RTSP camera (GStreamer)' },
  { package: 'gstreamer1.0-plugins-bad', use: 'RTSP camera (GStreamer)' },
  { package: 'gstreamer1.0-plugins-ugly', use: 'RTSP camera (GStreamer)' },
  { package: 'pulseaudio', use: 'a sound card with eight microphones', programs: ['pulseaudio'] },
  { package: 'pulseaudio-utils', use: 'a sound card with eight microphones', programs: ['paplay', 'pacat'] },
  { package: 'libasound2-plugins', use: 'that sound card read through ALSA' },
  { package: 'docker-compose', use: 'docker-compose.yml is accepted', programs: ['docker-compose'] },
  { package: 'iproute2', use: 'a line that is cut and slowed (as root)', programs: ['ip'] },
  { package: 'iptables', use: 'a line whose packets are dropped (as root)', programs: ['iptables-legacy'] },
  { package: 'curl', use: 'reference of bench upload', programs: ['curl'] },
  { package: 'faketime', use: 'clocks that step', programs: ['faketime'] },
  { package: 'procps', use: 'processes counted before and after', programs: ['ps'] },
]

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      // Not in this folder.
      return false
    }
  })
}

/** Names of the packages dpkg has installed, or undefined on a system without dpkg. */
function installedPackages() {
  const names = debianParts.map((part) => part.package)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own fields
  const answer = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev} ${Package}\n', ...names], { encoding: 'utf8' })
  if (answer.error !== undefined) return undefined
  return new Set(answer.stdout.split('\n').flatMap((line) => /^ii\s+(\S+)/.exec(line)?.[1] ?? []))
}

/** Parts that are neither packages of the system nor programs on the PATH. */
export function missingParts() {
  const installed = installedPackages()
  return debianParts.filter((part) => {
    if (installed?.has(part.package)) return false
    if (part.package.startsWith('chromium') && (process.env.ESCANO_TEST_BROWSER ?? '') !== '') return false
    if (part.package.startsWith('ceph') || part.package.startsWith('gst') || part.package.startsWith('libasound'))
      return installed !== undefined || !(part.programs ?? []).some(onPath)
    return !(part.programs ?? []).some(onPath) && !(part.folder !== undefined && existsSync(part.folder))
  })
}

function install(names, prefix) {
  const script = join(root, 'setup', 'install-debian-parts.sh')
  const [file, ...first] = [...prefix, 'sh', script]
  return spawnSync(file, [...first, ...names], { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** How apt may be used here without asking anybody: directly, by `sudo -n` when ESCANO_INSTALL=1 asks for it, or not. */
function permission() {
  if (process.env.ESCANO_INSTALL === '0' || !onPath('apt-get')) return undefined
  if (process.getuid?.() === 0) return []
  if (process.env.ESCANO_INSTALL !== '1') return undefined
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return ['sudo', '-n']
  say('escano: ESCANO_INSTALL=1, but sudo asks this user for a password here; nothing is installed.')
  return undefined
}

/**
 * Installs the parts that are missing, when it may; else says what is missing and the line that installs it.
 * @returns the parts that are still missing: tests that need them are skipped and say so
 */
export async function ensureDebianParts() {
  const before = missingParts()
  if (before.length === 0) return []
  const names = before.map((part) => part.package)
  const prefix = permission()
  if (prefix !== undefined) {
    say(`escano: installing ${names.length} Debian packages that tests use: ${names.join(' ')}`)
    if (install(names, prefix)) return missingParts()
    say('escano: apt could not install them all; going on with what there is.')
    return missingParts()
  }
  say('escano: some parts that tests use are not installed; the tests that need them are skipped:')
  for (const part of before) say(`  ${part.package.padEnd(28)} ${part.use}`)
  say(`  to install them: sudo apt-get install --no-install-recommends ${names.join(' ')}`)
  return before
}
