#!/usr/bin/env bash
# Makes sure that the native libraries StreamFlow calls are there: RocksDB (state stores), LZ4, Zstandard and Snappy (compression).
# Sourced by ./streamflow and ./test. Installs Debian packages when it may; else prints the one command to run.

streamflow_native_packages() {
  local missing=() packages cache library
  cache=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
  [[ -n ${STREAMFLOW_ROCKSDB:-} || $cache == *librocksdb.so* ]] || missing+=("RocksDB (7.8 or newer)")
  [[ $cache == *liblz4.so.1* ]] || missing+=(LZ4)
  [[ $cache == *libzstd.so.1* ]] || missing+=(Zstandard)
  [[ $cache == *libsnappy.so.1* ]] || missing+=(Snappy)
  (( ${#missing[@]} )) || return 0

  if ! command -v apt-get >/dev/null; then
    printf -v library ', %s' "${missing[@]}"
    echo "StreamFlow needs native libraries that are not installed: ${library:2}. Install them with this system's package manager." >&2
    return 1
  elif [[ $(id -u) != 0 ]]; then
    echo "StreamFlow needs native libraries that are not installed. Run: sudo apt-get install -y $(streamflow_package_names "${missing[@]}")" >&2
    return 1
  fi

  # What apt knows decides which RocksDB is installed, and a fresh machine knows nothing yet. An install that fails says so below.
  apt-get update -qq >/dev/null 2>&1 || true
  packages=$(streamflow_package_names "${missing[@]}")
  echo "installing $packages" >&2
  # shellcheck disable=SC2086 # several words
  apt-get install -y -qq $packages >/dev/null 2>&1 \
    || { echo "could not install them; run: apt-get update && apt-get install -y $packages" >&2; return 1; }
}

# Debian's packages of libraries; of RocksDB the newest that apt knows, Debian 12's when it knows none.
streamflow_package_names() {
  local library names=() newest
  for library in "$@"; do
    case $library in
      RocksDB*)
        newest=$(apt-cache search --names-only '^librocksdb[0-9.]+(t64)?$' 2>/dev/null | cut -d' ' -f1 | sort -V | tail -1)
        names+=("${newest:-librocksdb7.8}") ;;
      LZ4) names+=(liblz4-1) ;;
      Zstandard) names+=(libzstd1) ;;
      Snappy) names+=(libsnappy1v5) ;;
    esac
  done
  echo "${names[*]}"
}
