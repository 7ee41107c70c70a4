# the unit tests under the address and undefined-behaviour sanitizers
source tools/unit_tests.sh
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
unit_tests asan
