# rt_header_check(target): an object library outside of `all` with one source
# per header of core/, so that building it proves that each compiles alone.
# Where x.cc includes x.h before all else, compiling that has proved it.
function(rt_proved_by_its_source header result)
  set(${result} FALSE PARENT_SCOPE)
  string(REGEX REPLACE "\\.h$" ".cc" source ${CMAKE_SOURCE_DIR}/core/${header})
  if(EXISTS ${source})
    file(STRINGS ${source} includes REGEX "^#include" LIMIT_COUNT 1)
    file(STRINGS ${CMAKE_SOURCE_DIR}/core/${header} guard
         REGEX "^#pragma once" LIMIT_COUNT 1)
    if(guard AND includes STREQUAL "#include \"${header}\"")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

function(rt_header_check target)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/core
       ${CMAKE_SOURCE_DIR}/core/*/*.h)
  set(sources "")
  foreach(header ${headers})
    rt_proved_by_its_source(${header} proved)
    if(proved)
      continue()
    endif()
    string(REGEX REPLACE "[/.]" "_" name ${header})
    set(source ${CMAKE_BINARY_DIR}/${target}/${name}.cc)
    # Twice: the guard holds.
    file(CONFIGURE OUTPUT ${source} CONTENT
         "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND sources ${source})
  endforeach()
  add_library(${target} OBJECT EXCLUDE_FROM_ALL ${sources})
  target_compile_options(${target} PRIVATE -O0 -g0)
  target_link_libraries(${target} PRIVATE rt_native rt_bench ${ARGN})
endfunction()
