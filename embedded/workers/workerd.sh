#!/bin/sh
# Miniflare starts this in workerd's place. It says under which process id workerd runs, and moves Miniflare's entry
# socket from a TCP port to a file in a folder that only its owner may enter: that socket serves every bucket to whoever
# reaches it. Without the variables it is workerd and nothing else.
if [ -n "$BARTIZAN_RUN" ]; then
  cd "$BARTIZAN_RUN" || exit 1
  rm -f entry.sock
  echo $$ > workerd.pid
  n=$#
  while [ "$n" -gt 0 ]; do
    arg=$1
    shift
    n=$((n - 1))
    case $arg in --socket-addr=entry=*) arg=--socket-addr=entry=unix:entry.sock ;; esac
    set -- "$@" "$arg"
  done
fi
exec "$BARTIZAN_WORKERD" "$@"
