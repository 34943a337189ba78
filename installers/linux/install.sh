#!/bin/sh
# Puts Latent Loom into the menu and has double clicks on .loom files open it. Nothing is copied:
# the program stays in this folder. For the present user, or as root for everybody.
#   ./install.sh            put it there
#   ./install.sh --remove   take it away again
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
if [ "$(id -u)" = 0 ]; then
  share=/usr/local/share bin=/usr/local/bin
else
  share=${XDG_DATA_HOME:-$HOME/.local/share} bin=$HOME/.local/bin
fi
entry=$share/applications/latentloom.desktop
kind=$share/mime/packages/latentloom.xml
icon=$share/icons/hicolor/scalable/apps/latentloom.svg

if [ "${1:-}" = --remove ]; then
  rm -f "$entry" "$kind" "$icon" "$bin/latentloom"
else
  mkdir -p "$(dirname "$entry")" "$(dirname "$kind")" "$(dirname "$icon")" "$bin"
  # In a desktop file a program's path stands in quotes, with these characters escaped.
  quoted=$(printf '%s' "$here/latentloom" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g; s/[&|\\]/\\&/g')
  sed "s|@PROGRAM@|\"$quoted\"|" "$here/share/latentloom.desktop" >"$entry"
  cp "$here/share/latentloom.xml" "$kind"
  cp "$here/share/latentloom.svg" "$icon"
  ln -sf "$here/latentloom" "$bin/latentloom"
fi
# Desktops that lack one of these look into the folders themselves, sooner or later.
for refresh in "update-desktop-database $share/applications" "update-mime-database $share/mime" \
  "gtk-update-icon-cache -q -t -f $share/icons/hicolor"; do
  command -v "${refresh%% *}" >/dev/null && $refresh || true
done
[ "${1:-}" = --remove ] && echo "Latent Loom is out of the menu; delete $here to be rid of it." ||
  echo "Latent Loom is in the menu, and as $bin/latentloom in a terminal."
