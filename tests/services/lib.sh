# SPDX-License-Identifier: Apache-2.0
# What the scripts here share. Sourced by bash, from the repository's root.
#
# A service has a folder (build/services/NAME, unless another is given) with a file `address` in it while it runs: lines
# `key=value` that tests read. All else that it writes is in a home of its own under the folder for temporary files, of
# which stop leaves nothing.
source tools/lib.sh

# open_folder FOLDER: makes it, and lets no other script in it until this one ends.
open_folder() {
  mkdir -p "$1"
  folder=$(cd "$1" && pwd)
  exec 9>"$folder/lock"
  flock 9
}

# value KEY: from the address, or nothing.
value() {
  [ ! -r "$folder/address" ] || sed -n "s/^$1=//p" "$folder/address"
}

# make_home NAME: the folder `home`, which the server's user may write. Short, since a path of a socket holds 107 bytes.
make_home() {
  home=$(mktemp -d "${TMPDIR:-/tmp}/core_lib_$1.XXXXXX")
  chmod 755 "$home"
  own "$home"
}

own() {
  [ "$(id -u)" != 0 ] || chown -R nobody "$@"
}

# as_server COMMAND...: servers refuse to be root; what they inherit is no more than this.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/ "$@") 9>&- </dev/null
  else
    (cd / && "$@") 9>&- </dev/null
  fi
}

# reachable PROGRAM FOLDER...: the program's folder, or that of a copy which the server's user can reach. The folders
# are what the program needs; they are copied beside it.
reachable() {
  local program root
  program=$(readlink -f "$(command -v "$1")")
  shift
  if ! as_server test -x "$program"; then
    root=${program%%/usr/*}
    (cd "$root" && cp -r --parents "$@" "$home/")
    program=$home${program#"$root"}
  fi
  dirname "$program"
}

# is_alive PID: false for one that has ended and that nobody has asked about yet.
is_alive() {
  local stat  # read at once: the process may be gone at a second look
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null && [[ $stat != *') '[ZX]' '* ]]
}

# crash_processes PID...: ends them as a power failure would, and returns when they are gone.
crash_processes() {
  local pid
  kill -KILL "$@" 2>/dev/null || true
  for pid in "$@"; do
    while is_alive "$pid"; do sleep 0.01; done
  done
}

# Below the ports that the system gives to clients: a client that tries again and again to reach a crashed server would
# sooner or later be given the server's own port, connect to itself and keep the server from coming back.
free_port() {
  python3 - <<'END'
import random, socket
first_of_clients = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
while True:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", random.randrange(10000, first_of_clients) if first_of_clients > 11000 else 0))
            print(tried.getsockname()[1])
            break
        except OSError:
            pass
END
}

# fail MESSAGE [LOG]
fail() {
  echo "$1" >&2
  [ ! -r "${2:-}" ] || tail -n 20 "$2" >&2
  exit 1
}
