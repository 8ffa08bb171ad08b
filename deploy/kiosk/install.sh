#!/bin/sh
# Make a kiosk of a Debian tablet or a Raspberry Pi: install.sh https://kto.example.nl/kiosk/<municipality>/<touchpoint>
# Run again to give it another address; what waits on the tablet stays. Needs root and Debian 12 or newer.
set -eu
# Chromium reads the rules as the user kiosk, whatever the administrator's own umask is.
umask 022

if [ "$#" != 1 ]; then
  echo "Give the address of the kiosk: install.sh https://kto.example.nl/kiosk/molensloot/balie-hal" >&2
  exit 2
fi
address=$1
here=$(cd "$(dirname "$0")" && pwd)
data=/var/lib/meetpunt-kiosk

case $address in
  *[!A-Za-z0-9:/._-]*) echo "An address of a kiosk has no such characters: $address" >&2; exit 2 ;;
  *) ;;
esac
if ! printf '%s\n' "$address" | grep -Eq \
  '^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/kiosk/[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$'; then
  echo "That is not the address of a kiosk over https: $address" >&2
  exit 2
fi
[ "$(id -u)" = 0 ] || { echo "Run this as root." >&2; exit 2; }
host=${address#https://}
host=${host%%/*}

# cage shows one program, full screen, and nothing else: no desktop to escape to. dbus and libpam-systemd give its
# session the screen and the touches; a small image may have been made without them.
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends \
  cage chromium chromium-sandbox dbus libpam-systemd fonts-noto-core systemd-timesyncd

id -u kiosk >/dev/null 2>&1 || useradd --system --user-group --home-dir "$data" --shell /usr/sbin/nologin kiosk
for group in video render input; do
  if getent group "$group" >/dev/null; then usermod --append --groups "$group" kiosk; fi
done
install -d -o kiosk -g kiosk -m 0700 "$data"

install -d /etc/meetpunt-kiosk /etc/chromium/policies/managed
printf 'ADDRESS=%s\n' "$address" > /etc/meetpunt-kiosk/address
sed "s|@HOST@|$host|" "$here/policy.json" > /etc/chromium/policies/managed/meetpunt-kiosk.json
install -m 0644 -t /etc/systemd/system \
  "$here/meetpunt-kiosk.service" "$here/meetpunt-kiosk-nightly.service" "$here/meetpunt-kiosk-nightly.timer"

# A tablet that sleeps does not count its time, and nobody can wake it without a keyboard.
systemctl mask --quiet \
  sleep.target suspend.target hibernate.target hybrid-sleep.target suspend-then-hibernate.target
systemctl enable --quiet --now systemd-timesyncd
systemctl daemon-reload
systemctl enable --quiet meetpunt-kiosk
systemctl enable --quiet --now meetpunt-kiosk-nightly.timer
systemctl restart meetpunt-kiosk
echo "The screen shows a code of two groups of four characters in a moment. Enrol it: meetpunt kiosk enrol XXXX-XXXX --name '...'"
echo "Enrolled before, at this address: it asks its questions. Neither of them? journalctl -u meetpunt-kiosk"
