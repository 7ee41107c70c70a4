# How each server is started, alone and on one core. Sourced by bench/run,
# which provides OUT, WORK, DRUPALRTD, files and on_server_core.
# shellcheck disable=SC2154,SC2034

STARTED_PID=  # what stop_server ends
SERVER_PID=   # what does the work
SERVER_PORT=

# Below the range from which the kernel takes ports for outgoing connections.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

nchan_module() {
  local path
  for path in /usr/lib/nginx/modules /usr/lib64/nginx/modules \
    /usr/share/nginx/modules; do
    [[ -e $path/ngx_nchan_module.so ]] && echo "$path/ngx_nchan_module.so" &&
      return
  done
  return 1
}

install_peers() {
  local peers=$OUT/peers
  mkdir -p "$peers"
  cp bench/peers/package*.json bench/peers/*.mjs "$peers/"
  [[ $peers/node_modules -nt bench/peers/package-lock.json ]] && return
  npm ci --prefix "$peers" --no-audit --no-fund --loglevel=error \
    >"$OUT/npm.log" 2>&1 && touch "$peers/node_modules"
}

# Is it on this machine? Says once what is missing.
declare -A AVAILABLE
available() {
  local server=$1 missing=
  if [[ -z ${AVAILABLE[$server]:-} ]]; then
    case $server in
      nchan)
        command -v nginx >/dev/null && nchan_module >/dev/null ||
          missing='nginx with nchan (libnginx-mod-nchan)'
        ;;
      ws | socket.io)
        command -v node >/dev/null && command -v npm >/dev/null &&
          install_peers || missing='Node.js and npm, and a registry'
        ;;
    esac
    AVAILABLE[$server]=${missing:-yes}
    [[ -z $missing ]] || echo "  without $server: needs $missing" >&2
  fi
  [[ ${AVAILABLE[$server]} == yes ]]
}

nchan_configuration() {
  local user=
  [[ $(id -u) -eq 0 ]] && user='user nobody nogroup;'
  sed -e "s|@MODULE@|$(nchan_module)|" -e "s|@USER@|$user|" \
    -e "s|@DIR@|$WORK|" -e "s|@PORT@|$SERVER_PORT|" -e "s|@FILES@|$files|" \
    bench/peers/nchan.conf
}

# The site that a login scenario signs in to; made once.
fixture_site() {
  [[ -e $WORK/site/site.json ]] && return
  mkdir -p "$WORK/site"
  "$DRUPALRTD" bench site --dir "$WORK/site" --sessions 20000 >/dev/null
}

# start_server SERVER MODE: sets SERVER_PID and SERVER_PORT once it listens.
# MODE login: the broker with a site, else without.
start_server() {
  local server=$1 mode=$2 command
  SERVER_PORT=$(free_port)
  local address=127.0.0.1:$SERVER_PORT
  case $server in
    limit) command=("$DRUPALRTD" bench limit-server --listen "$address") ;;
    limit-plain)
      command=("$DRUPALRTD" bench limit-server --no-coalesce
        --listen "$address")
      ;;
    drupalrt)
      rm -rf "$WORK/state"
      command=("$DRUPALRTD" serve --workers 1 --listen "$address"
        --internal "127.0.0.1:$(free_port)" --socket "$WORK/s"
        --state "$WORK/state")
      if [[ $mode == login ]]; then
        fixture_site
        command+=(--site "$WORK/site/site.json")
      else
        command+=(--insecure)
      fi
      ;;
    nchan)
      nchan_configuration >"$WORK/nginx.conf"
      command=(nginx -p "$WORK" -c "$WORK/nginx.conf")
      ;;
    ws | socket.io) command=(node "$OUT/peers/$server.mjs" "$SERVER_PORT") ;;
  esac
  "${on_server_core[@]}" "${command[@]}" >"$WORK/server.log" 2>&1 &
  STARTED_PID=$!
  wait_until_ready "$server" || return 1
  SERVER_PID=$STARTED_PID
  if [[ $server == nchan ]]; then
    SERVER_PID=$(first_child "$STARTED_PID") || return 1
  fi
}

# nginx' work is done by the child of what was started.
first_child() { # PID
  local try child
  for ((try = 0; try < 100; ++try)); do
    read -r child _ <"/proc/$1/task/$1/children" || true
    [[ -n $child ]] && echo "$child" && return
    sleep 0.05
  done
  return 1
}

wait_until_ready() {
  local server=$1 try
  for ((try = 0; try < 200; ++try)); do
    kill -0 "$STARTED_PID" 2>/dev/null || return 1
    if (exec 3<>"/dev/tcp/127.0.0.1/$SERVER_PORT") 2>/dev/null &&
      [[ $server != drupalrt || -S $WORK/s ]]; then
      return 0
    fi
    sleep 0.05
  done
  return 1
}

stop_server() {
  [[ -n $STARTED_PID ]] || return 0
  kill "$STARTED_PID" 2>/dev/null || true
  wait "$STARTED_PID" 2>/dev/null || true
  STARTED_PID=
  SERVER_PID=
}
