# rt_layer(name DEPENDS … PRIVATE …): core/<name> as the library rt_<name>.
# A layer without sources yet is an interface library.
function(rt_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/${name}/*.cc)
  if(sources)
    add_library(rt_${name} STATIC ${sources})
    target_include_directories(rt_${name} PUBLIC ${CMAKE_SOURCE_DIR}/core)
    target_compile_definitions(rt_${name}
                               PRIVATE RT_VERSION="${PROJECT_VERSION}")
    target_link_libraries(rt_${name} PUBLIC ${LAYER_DEPENDS} Threads::Threads
                                     PRIVATE ${LAYER_PRIVATE})
  else()
    add_library(rt_${name} INTERFACE)
    target_include_directories(rt_${name} INTERFACE ${CMAKE_SOURCE_DIR}/core)
    target_link_libraries(rt_${name} INTERFACE ${LAYER_DEPENDS})
  endif()
endfunction()
