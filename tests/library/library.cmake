# The library as other programs get it. Sanitizer builds have the unit tests
# alone.
if(RT_SANITIZE)
  return()
endif()
add_test(NAME "library.AProgramOutsideBuildsAgainstItAndAsksARecordedSite"
         COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/library_test.sh
                 ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR} ${CMAKE_COMMAND}
                 ${CMAKE_CXX_COMPILER})
set_tests_properties(
  "library.AProgramOutsideBuildsAgainstItAndAsksARecordedSite"
  PROPERTIES TIMEOUT 300)
add_dependencies(unit_tests drupalrt)
