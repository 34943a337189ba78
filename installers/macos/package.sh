#!/bin/sh
# Signs, notarises and packs dist/Latent Loom.app, which `python -m installers.build` has made.
#   IDENTITY="Developer ID Application: NAME (TEAM)" PROFILE=notary installers/macos/package.sh VERSION
# PROFILE is what `xcrun notarytool store-credentials PROFILE` has kept in the keychain. Without an
# IDENTITY the disk image holds the app as it is: whoever opens it has to allow it in the settings.
set -eu
version=${1:?usage: package.sh VERSION}
cd "$(dirname "$0")/../../dist"
app="Latent Loom.app" image="latent-loom-$version-macos-$(uname -m).dmg"

if [ -n "${IDENTITY:-}" ]; then # 1. sign what is inside, then the whole, for the hardened runtime
  find "$app" -type f \( -name '*.so' -o -name '*.dylib' \) -exec \
    codesign --force --timestamp --options runtime --sign "$IDENTITY" {} +
  codesign --force --timestamp --options runtime --sign "$IDENTITY" \
    --entitlements ../installers/macos/entitlements.plist "$app"
  codesign --verify --deep --strict "$app"
fi
hdiutil create -quiet -ov -volname "Latent Loom" -srcfolder "$app" -format ULFO "$image" # 2. pack
if [ -n "${IDENTITY:-}" ]; then # 3. notarise the image, and staple the answer to it
  codesign --force --timestamp --sign "$IDENTITY" "$image"
  xcrun notarytool submit "$image" --keychain-profile "${PROFILE:?the keychain profile of notarytool}" --wait
  xcrun stapler staple "$image"
fi
echo "dist/$image"
