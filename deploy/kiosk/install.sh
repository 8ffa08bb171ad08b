#!/bin/sh
# Make a kiosk of a Debian tablet or a Raspberry Pi: install.sh https://kto.example.nl/kiosk/<municipality>/<touchpoint>
# Run again to give it another address; what waits on the tablet stays. Needs root and Debian 12 or newer.
set -eu

address=${1:?"give the address of the kiosk: install.sh https://kto.example.nl/kiosk/molensloot/balie-hal"}
here=$(cd "$(dirname "$0")" && pwd)
data=/var/lib/meetpunt-kiosk

case $address in
  https://*/kiosk/*/*) ;;
  *) echo "That is not the address of a kiosk over https: $address" >&2; exit 2 ;;
esac
case $address in
  *[!A-Za-z0-9:/._-]*) echo "An address of a kiosk has no such characters: $address" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "Run this as root." >&2; exit 2; }
host=${address#https://}
host=${host%%/*}

# cage shows one program, full screen, and nothing else: no desktop to escape to.
DEBIAN_FRONTEND=noninteractive apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  cage chromium fonts-noto-core systemd-timesyncd

id -u kiosk >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin kiosk
for group in video render input; do
  getent group "$group" >/dev/null && usermod --append --groups "$group" kiosk
done
install -d -o kiosk -g kiosk -m 0700 "$data"

install -d /etc/meetpunt-kiosk /etc/chromium/policies/managed
printf 'ADDRESS=%s\n' "$address" > /etc/meetpunt-kiosk/address
sed "s|@HOST@|$host|" "$here/policy.json" > /etc/chromium/policies/managed/meetpunt-kiosk.json
install -m 0644 "$here/meetpunt-kiosk.service" /etc/systemd/system/meetpunt-kiosk.service

# A tablet that sleeps does not count its time, and nobody can wake it without a keyboard.
systemctl mask --quiet sleep.target suspend.target hibernate.target hybrid-sleep.target
systemctl enable --quiet --now systemd-timesyncd
systemctl daemon-reload
systemctl enable --quiet meetpunt-kiosk
systemctl restart meetpunt-kiosk
echo "The screen now shows a code of eight characters. Enrol it: meetpunt kiosk enrol CODE --name '...'"
