#!/bin/sh
# Installs the packages named as arguments, as root, without asking, without starting a service or making a database cluster.
# Called by debian-parts.mjs. Package lists are fetched only when apt does not know a package yet or its files are gone.
set -u
export DEBIAN_FRONTEND=noninteractive

# Debian asks this program before it starts a service that it has just installed: 101 means no. An own one is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 143' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
fi

update() {
  apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -qq update
}

try() {
  apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq -y --no-install-recommends install "$@" </dev/null
}

knows() {
  apt-cache show "$1" >/dev/null 2>&1
}

for name in "$@"; do
  knows "$name" || { update; break; }
done
# Another system may lack one of them: the others are installed all the same.
for name in "$@"; do
  shift
  if knows "$name"; then set -- "$@" "$name"; else echo "escano: apt knows no package $name here" >&2; fi
done
[ $# -gt 0 ] || exit 1
for wait in 0 5 20; do
  sleep "$wait"
  try "$@" && exit 0
  update
done
exit 1
