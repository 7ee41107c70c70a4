# What the sample site and Drupal's copy of the module both need.
need_site() {
  need_npm .
  need_composer demo
  step "Bundling the browser client" bundle npm run build
}

# find_drupal: prints the folder of a Drupal site, or nothing where there is
# none to be had: DRUPAL_ROOT, else one of ./dev's own from Composer in the
# cache. That Composer's registry carries no Drupal is remembered for a day.
find_drupal() {
  local site=$CACHE/drupal none=$CACHE/no-drupal
  if [[ -n ${DRUPAL_ROOT:-} ]]; then
    drupal_in "$DRUPAL_ROOT" ||
      fail "DRUPAL_ROOT=$DRUPAL_ROOT: no Drupal there (core/lib/Drupal.php)"
    return
  fi
  drupal_in "$site" && return
  [[ -n $(find "$none" -mtime -1 2>/dev/null) ]] && return
  mkdir -p "$CACHE"
  if ! timeout 60 composer show --available --quiet \
    drupal/recommended-project 2>/dev/null </dev/null; then
    touch "$none"
    return
  fi
  rm -rf "$site.new" "$none"
  if step "Fetching Drupal from Composer" drupal \
    composer create-project --no-progress --remove-vcs \
    drupal/recommended-project "$site.new"; then
    rm -rf "$site"
    mv "$site.new" "$site"
    drupal_in "$site"
  else
    touch "$none"
  fi
}

# Prints the web root of the site at a path, which is its project or its root.
drupal_in() {
  local folder
  for folder in "$1" "$1/web" "$1/docroot"; do
    if [[ -e $folder/core/lib/Drupal.php ]]; then
      (cd "$folder" && pwd -P)
      return
    fi
  done
  return 1
}
