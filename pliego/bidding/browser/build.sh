#!/bin/sh
# Builds static/bidding/sealing.js from this folder. SCRATCH is a folder with the packages of vendor.json installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=${SCRATCH:?a folder outside the repository, with the packages of static/bidding/vendor.json in node_modules}
rm -rf "$scratch/source" && mkdir "$scratch/source" && cp "$here"/*.js "$scratch/source/"
mkdir -p "$here/../static/bidding"
cd "$scratch"
./node_modules/.bin/esbuild source/sealing.src.js --bundle --format=esm --target=es2022 --minify --legal-comments=none \
  --charset=utf8 --outfile="$here/../static/bidding/sealing.js"
sha256sum "$here/../static/bidding/sealing.js" "$here"/*.js
