# The commands of drupalrtd from outside: exit statuses and messages.
# Each tests/cli/*_test.sh is one test.
# Sanitizer builds have the unit tests alone.
if(RT_SANITIZE)
  return()
endif()
file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_test.sh)
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME "cli.${name}"
           COMMAND sh ${script} $<TARGET_FILE:drupalrtd> ${CMAKE_SOURCE_DIR})
  set_tests_properties("cli.${name}" PROPERTIES TIMEOUT 120)
endforeach()
add_dependencies(unit_tests drupalrtd)
