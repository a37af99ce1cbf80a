#!/bin/sh
# One monitor, one OSD (bluestore on a file) and one S3 gateway, kept in $CEPH_FOLDER and started again from there.
# Without cephx: monitor and OSD listen on loopback of this container only; the gateway asks for S3 keys.
set -eu
folder=${CEPH_FOLDER:-/var/lib/ceph/escano}
address=${CEPH_ADDRESS:-0.0.0.0}
port=${CEPH_PORT:-7480}
monitor=${CEPH_MONITOR_PORT:-3300}
size=${CEPH_SIZE_BYTES:-1099511627776}
: "${CEPH_ACCESS_KEY:?the access key of the product}" "${CEPH_SECRET_KEY:?the secret of the product}"
conf=$folder/ceph.conf
mkdir -p "$folder"
chmod 700 "$folder"

if [ ! -e "$folder/fsid" ]; then uuidgen >"$folder/fsid.new" && mv "$folder/fsid.new" "$folder/fsid"; fi
if [ ! -e "$folder/osd-id" ]; then uuidgen >"$folder/osd-id.new" && mv "$folder/osd-id.new" "$folder/osd-id"; fi
fsid=$(cat "$folder/fsid")
osd=$(cat "$folder/osd-id")

cat >"$conf" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms mon client mode = crc
ms client mode = crc
ms service mode = crc
ms cluster mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
osd crush chooseleaf type = 0
osd objectstore = bluestore
bluestore block size = $size
mon data avail warn = 1
run dir = $folder
admin socket = $folder/\$name.asok
pid file = $folder/\$name.pid
log to file = false
err to stderr = true
mon data = $folder/mon
osd data = $folder/osd
keyring = $folder/keyring
[client.rgw.a]
rgw frontends = beast endpoint=$address:$port
rgw enable apis = s3
rgw dynamic resharding = false
CONF
touch "$folder/keyring"

# A step that was cut off is done again: its mark is made last.
if [ ! -e "$folder/mon.made" ]; then
  rm -rf "$folder/mon" "$folder/monmap"
  mkdir "$folder/mon"
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor/0]" "$folder/monmap" >/dev/null
  ceph-mon --mkfs -i a --monmap "$folder/monmap" -c "$conf"
  touch "$folder/mon.made"
fi
ceph-mon -f -i a -c "$conf" &
mon_pid=$!

# Gateway first, then OSD, then monitor: what is acknowledged is on the disk.
gateway_pid=
osd_pid=
stop() {
  trap - TERM INT
  for pid in $gateway_pid $osd_pid $mon_pid; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  exit 0
}
trap stop TERM INT

if [ ! -e "$folder/osd.made" ]; then
  rm -rf "$folder/osd"
  mkdir "$folder/osd"
  ceph -c "$conf" osd new "$osd" >/dev/null
  ceph-osd -i 0 --mkfs --osd-uuid "$osd" -c "$conf"
  touch "$folder/osd.made"
fi
ceph-osd -f -i 0 -c "$conf" &
osd_pid=$!

if ! radosgw-admin -c "$conf" -n client.rgw.a user info --uid=escano >/dev/null 2>&1; then
  radosgw-admin -c "$conf" -n client.rgw.a user create --uid=escano --display-name=Escano \
    --access-key="$CEPH_ACCESS_KEY" --secret-key="$CEPH_SECRET_KEY" >/dev/null
fi
radosgw -f -n client.rgw.a -c "$conf" &
gateway_pid=$!

# One of the three ends: the others are stopped, and the container is started again.
while kill -0 "$mon_pid" 2>/dev/null && kill -0 "$osd_pid" 2>/dev/null && kill -0 "$gateway_pid" 2>/dev/null; do
  sleep 2 &
  wait $!
done
stop
