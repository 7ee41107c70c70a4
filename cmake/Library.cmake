# The library for programs besides the broker: an archive of all that the
# public header needs, and a pkg-config file that links it.

# rt_link_flags(out target…): what the targets link with besides our own
# layers, as flags of a linker, each once.
function(rt_link_flags out)
  set(flags "")
  set(seen "")
  set(todo ${ARGN})
  while(todo)
    list(POP_FRONT todo item)
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" item "${item}")
    if(item IN_LIST seen OR item STREQUAL "")
      continue()
    endif()
    list(APPEND seen ${item})
    if(TARGET ${item})
      get_target_property(alias ${item} ALIASED_TARGET)
      if(alias)
        set(item ${alias})
      endif()
      get_target_property(type ${item} TYPE)
      foreach(property IMPORTED_LOCATION IMPORTED_LOCATION_NONE
                       IMPORTED_LOCATION_RELEASE INTERFACE_LINK_LIBRARIES
                       LINK_LIBRARIES)
        if(type STREQUAL "INTERFACE_LIBRARY" AND
           NOT property STREQUAL "INTERFACE_LINK_LIBRARIES")
          continue()
        endif()
        get_target_property(value ${item} ${property})
        if(value)
          list(APPEND todo ${value})
        endif()
      endforeach()
    elseif(item MATCHES "/lib([^/]+)\\.(so|a)[.0-9]*$")
      list(APPEND flags -l${CMAKE_MATCH_1})
    elseif(item MATCHES "^-")
      list(APPEND flags ${item})
    elseif(NOT item MATCHES "[$<>:/]")
      list(APPEND flags -l${item})
    endif()
  endwhile()
  list(REMOVE_DUPLICATES flags)
  list(JOIN flags " " flags)
  set(${out} "${flags}" PARENT_SCOPE)
endfunction()

# rt_library(name LAYERS layer…): lib<name>.a of the layers, and what installs
# it (component "library"): <name>/drupal.h, <name>.pc.
function(rt_library name)
  cmake_parse_arguments(LIBRARY "" "" "LAYERS" ${ARGN})
  set(objects "")
  set(targets "")
  foreach(layer ${LIBRARY_LAYERS})
    list(APPEND objects $<TARGET_OBJECTS:rt_${layer}>)
    list(APPEND targets rt_${layer})
  endforeach()
  add_library(${name} STATIC ${objects})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  rt_link_flags(RT_LIBRARY_FLAGS ${targets})

  include(GNUInstallDirs)
  # An installed tree may be moved: the file finds it from where it lies.
  file(RELATIVE_PATH RT_LIBRARY_PREFIX
       /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/library.pc.in
                 ${CMAKE_BINARY_DIR}/${name}.pc @ONLY)
  install(TARGETS ${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT library)
  install(FILES ${CMAKE_SOURCE_DIR}/core/native/drupal.h
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${name} COMPONENT library)
  install(FILES ${CMAKE_BINARY_DIR}/${name}.pc
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
endfunction()
