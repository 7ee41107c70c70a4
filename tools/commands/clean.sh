# ./dev clean
rm -rf -- "$OUT" || fail "out/ holds files of another user: use sudo"
echo "out/ is gone. Downloads stay in $CACHE."
