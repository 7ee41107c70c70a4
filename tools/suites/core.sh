# unit tests of the broker's layers, order of the layers, headers alone
source tools/unit_tests.sh
unit_tests release
