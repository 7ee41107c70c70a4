# The libraries, all from the distribution. What is missing is named together
# with the package that brings it.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(rt_missing what package)
  message(FATAL_ERROR "${what} was not found. On Debian: apt-get install "
                      "${package}")
endfunction()

macro(rt_pkg name module package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET ${module})
  if(NOT ${name}_FOUND)
    rt_missing(${module} ${package})
  endif()
endmacro()

rt_pkg(uv libuv libuv1-dev)
rt_pkg(simdjson simdjson libsimdjson-dev)

macro(rt_find name package)
  find_package(${name} QUIET)
  if(NOT ${name}_FOUND)
    rt_missing(${name} ${package})
  endif()
endmacro()

rt_find(OpenSSL libssl-dev)
rt_find(fmt libfmt-dev)
rt_find(spdlog libspdlog-dev)
rt_find(SQLite3 libsqlite3-dev)
rt_find(CLI11 libcli11-dev)

# Two that ship neither pkg-config nor CMake files for what we need of them.
find_path(HTTP_PARSER_INCLUDE http_parser.h)
find_library(HTTP_PARSER_LIBRARY http_parser)
if(NOT HTTP_PARSER_INCLUDE OR NOT HTTP_PARSER_LIBRARY)
  rt_missing(http_parser libhttp-parser-dev)
endif()
add_library(RT::http_parser INTERFACE IMPORTED)
target_include_directories(RT::http_parser INTERFACE ${HTTP_PARSER_INCLUDE})
target_link_libraries(RT::http_parser INTERFACE ${HTTP_PARSER_LIBRARY})

find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h)
if(NOT TOMLPLUSPLUS_INCLUDE)
  rt_missing(toml++ libtomlplusplus-dev)
endif()
add_library(RT::tomlplusplus INTERFACE IMPORTED)
target_include_directories(RT::tomlplusplus INTERFACE ${TOMLPLUSPLUS_INCLUDE})
