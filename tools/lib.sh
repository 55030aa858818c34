# SPDX-License-Identifier: Apache-2.0
# What the tools here share: packages, numbered steps, progress. Sourced by bash, from the repository's root.

# --- Packages: one list per purpose, by their Debian 12 names ---
packages_run=(g++ cmake ninja-build pkg-config libsqlite3-dev libyaml-dev libspdlog-dev libfmt-dev libsimdjson-dev iso-codes)
packages_engines=(libpq-dev libmariadb-dev libcurl4-openssl-dev libssl-dev)
packages_servers=(memcached postgresql-15 postgresql-client-15 pgbouncer mariadb-server mariadb-server-core
  mariadb-client mariadb-client-core openssl util-linux golang-go maven openjdk-17-jdk-headless unzip)
packages_postgresql=("${packages_run[@]}" libpq-dev postgresql-15 postgresql-client-15 openssl util-linux python3)
packages_mariadb=("${packages_run[@]}" libmariadb-dev mariadb-server mariadb-server-core mariadb-client mariadb-client-core
  openssl util-linux python3)
packages_test=("${packages_run[@]}" "${packages_engines[@]}" "${packages_servers[@]}" prometheus-cpp-dev
  nlohmann-json3-dev python3 libgtest-dev libgmock-dev)
packages_docs=(doxygen python3)
packages_benchmark=("${packages_postgresql[@]}" "${packages_mariadb[@]}" "${packages_engines[@]}" libbenchmark-dev maven
  openjdk-17-jdk-headless)
packages_peers=(libsoci-dev libboost1.81-dev libpqxx-dev python3-sqlalchemy python3-psycopg2 python3-pymysql python3-pip)
packages_ci=("${packages_test[@]}" "${packages_docs[@]}" git clang-19 clang-format-19 libclang-rt-19-dev llvm-19
  ccache mold)

# Tests, and what else runs beside each other. Tests wait for servers and deadlines a quarter of their time.
test_jobs=$((($(nproc) * 3 + 1) / 2))

# Packages of servers are not installed but unpacked here, so that nothing starts with the machine, no user is made and
# no cluster is left behind. The libraries that they need are installed.
packages_unpacked=" memcached postgresql-15 postgresql-client-15 pgbouncer mariadb-server mariadb-server-core \
mariadb-client mariadb-client-core "
servers=$PWD/build/servers
PATH=$servers/usr/bin:$servers/usr/sbin:$servers/usr/lib/postgresql/15/bin:$PATH:/usr/lib/postgresql/15/bin:/usr/sbin

# has_package NAME: true when what the package brings is there, wherever it came from.
has_package() {
  case $1 in
    g++ | cmake | pkg-config | python3 | doxygen | git | memcached | openssl | pgbouncer | clang-19 | clang-format-19 | \
      ccache | mold) command -v "$1" ;;
    postgresql-15) command -v initdb ;;
    postgresql-client-15) command -v pg_basebackup ;;
    mariadb-server) [ -e "$servers/usr/lib/mysql/plugin/auth_ed25519.so" ] || debian_has "$1" ;;
    mariadb-server-core) command -v mariadbd && command -v mariadb-install-db ;;
    openjdk-17-jdk-headless) command -v javac ;;
    mariadb-client) command -v mariadb-admin ;;
    mariadb-client-core) command -v mariadb ;;
    golang-go) command -v go ;;
    maven) command -v mvn ;;
    unzip) command -v unzip ;;
    nlohmann-json3-dev) [ -r /usr/include/nlohmann/json.hpp ] || debian_has "$1" ;;
    util-linux) command -v flock && command -v setpriv ;;
    ninja-build) command -v ninja ;;
    libsqlite3-dev) pkg-config --exists sqlite3 || debian_has "$1" ;;
    libpq-dev) pkg-config --exists libpq || debian_has "$1" ;;
    libcurl4-openssl-dev) pkg-config --exists libcurl || debian_has "$1" ;;
    libssl-dev) pkg-config --exists openssl || debian_has "$1" ;;
    libmariadb-dev) pkg-config --exists libmariadb || debian_has "$1" ;;
    libyaml-dev) pkg-config --exists yaml-0.1 || debian_has "$1" ;;
    libspdlog-dev) pkg-config --exists spdlog || debian_has "$1" ;;
    libsimdjson-dev) pkg-config --exists simdjson || debian_has "$1" ;;
    libbenchmark-dev) pkg-config --exists benchmark || debian_has "$1" ;;
    libfmt-dev) pkg-config --exists fmt || debian_has "$1" ;;
    libgtest-dev) pkg-config --exists gtest || debian_has "$1" ;;
    libgmock-dev) pkg-config --exists gmock || debian_has "$1" ;;
    iso-codes) [ -r /usr/share/iso-codes/json/iso_3166-2.json ] ;;
    *) debian_has "$1" ;;
  esac >/dev/null 2>&1
}

debian_has() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing_packages NAME...: prints those that are not there.
missing_packages() {
  local name
  for name in "$@"; do
    has_package "$name" || printf '%s\n' "$name"
  done | sort -u
}

# install_packages NAME...: brings what is missing, or says what is and why it was not brought.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    echo "everything needed is there"
    return 0
  fi
  echo "missing (by their Debian 12 names): ${missing[*]}"
  if [ "${CORE_LIB_NO_INSTALL:-0}" != 0 ]; then
    echo "CORE_LIB_NO_INSTALL is set, so nothing was installed. Install them and run this again."
    return 1
  fi
  if ! command -v apt-get >/dev/null || [ "$(. /etc/os-release && echo "$ID")" != debian ]; then
    echo "This is not Debian: install what these packages hold with this system's own tools and run this again."
    return 1
  fi
  bring_packages "${missing[@]}" || return
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] || { echo "still missing after the installation: ${missing[*]}"; return 1; }
}

bring_packages() {
  local name installed=() unpacked=()
  for name in "$@"; do
    case $packages_unpacked in
      *" $name "*) unpacked+=("$name") ;;
      *) installed+=("$name") ;;
    esac
  done
  as_root apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update -qq || return
  for name in "${unpacked[@]}"; do
    mkdir -p "$servers" && rm -f "$servers/$name"_*.deb &&
      (cd "$servers" && apt-get -o Acquire::Retries=3 -qq download "$name") &&
      dpkg-deb -x "$servers/$name"_*.deb "$servers" || return
    mapfile -t -O ${#installed[@]} installed < <(libraries_of "$servers/$name"_*.deb)
  done
  [ ${#installed[@]} -eq 0 ] && return
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
    install -y -qq --no-install-recommends "${installed[@]}"
}

# The libraries that a package's programs load. LLVM is left out: PostgreSQL starts without, and compiles no queries.
libraries_of() {
  dpkg-deb -f "$1" Depends | tr , '\n' | sed 's/^ *//; s/[ (|:].*//' | grep -E '^(lib|zlib|tzdata)' | grep -v '^libllvm'
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "This takes root or sudo: $*"
    return 1
  fi
}

# --- Steps ---
# Set by the tool: steps_total, steps_log (the folder of the logs).
step_number=0

# step NAME COMMAND...: runs the command with its output in a log; on failure names the step and shows the log's end.
# With step_shown=1 before it, the output is shown as well.
step() {
  local name=$1 started=$SECONDS log status=0
  shift
  step_number=$((step_number + 1))
  log=$steps_log/$step_number.log
  mkdir -p "$steps_log"
  printf '[%d/%d] %s\n' "$step_number" "$steps_total" "$name"
  if [ "${step_shown:-0}" = 1 ]; then
    "$@" 2>&1 </dev/null | tee "$log" | sed -u 's/^/      /' || status=$?
  elif [ -t 1 ]; then
    "$@" 2>&1 </dev/null | tee "$log" | last_line_only || status=$?
  else
    printf '      its log: %s\n' "$log"
    "$@" >"$log" 2>&1 </dev/null || status=$?
  fi
  if [ "$status" = 0 ]; then
    printf '      done in %d s\n' $((SECONDS - started))
    return 0
  fi
  printf '\nFAILED: step %d of %d, "%s", after %d s. Its last lines:\n' \
    "$step_number" "$steps_total" "$name" $((SECONDS - started)) >&2
  tail -n 30 "$log" | sed 's/^/  | /' >&2
  printf 'The whole log: %s\n' "$log" >&2
  exit 1
}

# On a terminal, shows where a long command is, on one line that the next one overwrites.
last_line_only() {
  local line columns
  columns=$(tput cols 2>/dev/null || echo 80)
  while IFS= read -r line; do
    printf '\r\033[K      %s' "${line:0:columns-8}"
  done
  printf '\r\033[K'
}

# build FOLDER [TARGET...]
build() {
  local folder=$1
  shift
  cmake --build "$folder" -j "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" ${1:+--target "$@"}
}
