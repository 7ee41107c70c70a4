# Which files which static check is for.
cpp_files() { tracked core ext tests bench | grep -E '\.(cc|h)$' |
  grep -v _arginfo.h; }
shell_files() {
  {
    tracked | grep -E '\.sh$'
    tracked | grep -vE '\.[a-z0-9]+$' | while read -r file; do
      if [[ -f $file ]] && head -c 60 "$file" | head -n1 |
        grep -qE '^#!.*\b(ba)?sh$'; then echo "$file"; fi
    done
  } | sort -u
}
prettier_files() { tracked | grep -E '\.(js|mjs|cjs|json)$'; }

PHP_TOOLS=$OUT/tools/vendor
need_php_tools() {
  need_packages build demo
  need_composer tools "$PHP_TOOLS"
}
