#!/usr/bin/env bash
# Assembles web/viewer/dist, OHIF as the node serves it below /viewer: the built files of npm's @ohif/app with
# our page and configuration. The package is packed, not installed: the 28 packages it names are what its own
# build needs, and npm has not all of them.
set -euo pipefail
cd "$(dirname "$0")/../web/viewer"

version=3.13.2
integrity=WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==  # SHA-512
# Not served: source maps, another site's sign-in, and models that are fetched from elsewhere.
left_out=(--exclude '*.map' --exclude 'package/dist/ort' --exclude 'package/dist/*.html' --exclude 'package/dist/app-config.js'
  --exclude 'package/dist/sw.js' --exclude 'package/dist/google.js' --exclude 'package/dist/oidc-client*' --exclude 'package/dist/init-service-worker.js')

newer() { find index.html app-config.js ../../tools/build_viewer.sh -newer dist/index.html -print -quit; }
if [ -f dist/index.html ] && [ -z "$(newer)" ]; then exit 0; fi

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
npm pack --prefer-offline --loglevel=error --pack-destination "$made" "@ohif/app@$version" >/dev/null ||
  { echo "npm did not give @ohif/app $version, the viewer. Is the npm registry reachable?" >&2; exit 1; }
found=$(openssl dgst -sha512 -binary "$made"/*.tgz | base64 -w0)
[ "$found" = "$integrity" ] || { echo "@ohif/app $version is not the package that was looked at: $found" >&2; exit 1; }
tar -xzf "$made"/*.tgz -C "$made" --strip-components 1 "${left_out[@]}" package/dist

# The bundles look for their parts below the root of the site.
bundle=$(cd "$made/dist" && echo app.bundle.*.js)
sed -i 's|^__webpack_require__\.p = "/";|__webpack_require__.p = "/viewer/";|' "$made"/dist/*.js
sed -i 's|url(/|url(/viewer/|g' "$made"/dist/*.css
grep -q '^__webpack_require__\.p = "/viewer/";' "$made/dist/$bundle" || { echo "$bundle cannot be moved below /viewer" >&2; exit 1; }
sed "s|APP_BUNDLE|$bundle|" index.html >"$made/dist/index.html"
cp app-config.js "$made/dist/"
rm -rf dist
mv "$made/dist" dist
