#!/bin/sh
# Install what npm carries for the tests against real parts: exactly what the lock says, and no script of a package
# runs but the one that builds SQLite, from its source, with the headers of the Node that is here. About two minutes.
set -eu
cd "$(dirname "$0")"
rm -f node_modules/.ready
npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
prefix=$(node -p 'require("path").resolve(process.execPath, "../..")')
# Without headers beside it (Debian: libnode-dev), node-gyp fetches them.
[ ! -f "$prefix/include/node/node.h" ] || export npm_config_nodedir="$prefix"
npm_config_build_from_source=true npm rebuild better-sqlite3 --foreground-scripts=false --loglevel=error
node -e 'new (require("better-sqlite3"))(":memory:")'
touch node_modules/.ready
