# the unit tests under the thread sanitizer
source tools/unit_tests.sh
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
unit_tests tsan
