#!/usr/bin/env bash
# Makes sure that the native libraries StreamFlow calls are there: RocksDB (state stores), LZ4, Zstandard and Snappy (compression).
# Sourced by ./streamflow and ./test. Installs Debian packages when it may; else prints the one command to run.

streamflow_native_packages() {
  local missing=() cache
  cache=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
  [[ -n ${STREAMFLOW_ROCKSDB:-} || $cache == *librocksdb.so* ]] || missing+=(librocksdb7.8)
  [[ $cache == *liblz4.so.1* ]] || missing+=(liblz4-1)
  [[ $cache == *libzstd.so.1* ]] || missing+=(libzstd1)
  [[ $cache == *libsnappy.so.1* ]] || missing+=(libsnappy1v5)
  (( ${#missing[@]} )) || return 0

  local install="apt-get install -y ${missing[*]}"
  if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
    echo "installing ${missing[*]}" >&2
    { apt-get update -qq && apt-get install -y -qq "${missing[@]}"; } >/dev/null 2>&1 \
      || { echo "could not install them; run: apt-get update && $install" >&2; return 1; }
  else
    echo "StreamFlow needs native libraries that are not installed. Run: sudo $install" >&2
    return 1
  fi
}
