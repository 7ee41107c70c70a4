# The libraries, all from the distribution. What is missing is named, all of it
# at once, together with the packages that bring it.

find_package(Threads REQUIRED)

set(RT_MISSING "")
set(RT_MISSING_PACKAGES "")

macro(rt_missing what package)
  list(APPEND RT_MISSING ${what})
  list(APPEND RT_MISSING_PACKAGES ${package})
endmacro()

# After the last look for a library: an end where one is missing.
macro(rt_stop_if_missing)
  if(RT_MISSING)
    list(JOIN RT_MISSING ", " rt_names)
    list(JOIN RT_MISSING_PACKAGES " " rt_packages)
    message(FATAL_ERROR "Not found: ${rt_names}. On Debian: apt-get install "
                        "${rt_packages}")
  endif()
endmacro()

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
  message(FATAL_ERROR "Not found: pkg-config. On Debian: apt-get install "
                      "pkg-config")
endif()

macro(rt_pkg name module package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET ${module})
  if(NOT ${name}_FOUND)
    rt_missing(${module} ${package})
  endif()
endmacro()

rt_pkg(uv libuv libuv1-dev)
rt_pkg(simdjson simdjson libsimdjson-dev)
rt_pkg(mariadb libmariadb libmariadb-dev)
rt_pkg(pq libpq libpq-dev)
rt_pkg(hiredis hiredis libhiredis-dev)
rt_pkg(memcached libmemcached libmemcached-dev)

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
rt_find(ZLIB zlib1g-dev)
rt_find(CLI11 libcli11-dev)

# Two that ship neither pkg-config nor CMake files for what we need of them.
find_path(HTTP_PARSER_INCLUDE http_parser.h)
find_library(HTTP_PARSER_LIBRARY http_parser)
if(NOT HTTP_PARSER_INCLUDE OR NOT HTTP_PARSER_LIBRARY)
  rt_missing(http_parser libhttp-parser-dev)
endif()
find_path(PROTOZERO_INCLUDE protozero/pbf_reader.hpp)
if(NOT PROTOZERO_INCLUDE)
  rt_missing(protozero libprotozero-dev)
endif()
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h)
if(NOT TOMLPLUSPLUS_INCLUDE)
  rt_missing(toml++ libtomlplusplus-dev)
endif()
rt_stop_if_missing()

add_library(RT::http_parser INTERFACE IMPORTED)
target_include_directories(RT::http_parser INTERFACE ${HTTP_PARSER_INCLUDE})
target_link_libraries(RT::http_parser INTERFACE ${HTTP_PARSER_LIBRARY})
add_library(RT::tomlplusplus INTERFACE IMPORTED)
target_include_directories(RT::tomlplusplus INTERFACE ${TOMLPLUSPLUS_INCLUDE})
