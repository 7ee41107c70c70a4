# Holds the order of core/'s directories:
#
#   base < wire < drupal < hub < session < net < (db, cluster) < broker
#        < native < main
#
# with token between wire and session, and bench standing on wire. A layer includes itself and those to its left;
# <uv.h> belongs to the layers from net on.
#
#   cmake -DCORE=<directory> -P layers.cmake

cmake_minimum_required(VERSION 3.25)
get_filename_component(CORE "${CORE}" ABSOLUTE)

set(may_base base)
set(may_wire ${may_base} wire)
set(may_drupal ${may_wire} drupal)
set(may_hub ${may_drupal} hub)
set(may_token ${may_wire} token)
set(may_session ${may_hub} token session)
set(may_net ${may_session} net)
set(may_db ${may_net} db)
set(may_cluster ${may_net} cluster)
set(may_broker ${may_db} cluster broker)
set(may_bench ${may_wire} bench)
set(may_native ${may_broker} native)
set(may_main ${may_native} bench main)
set(may_uv net db cluster broker main)

set(mistakes "")
set(count 0)

# mistake(file line what): collects a line in a compiler's form.
function(mistake file what)
  set(mistakes "${mistakes}core/${file}: ${what}\n" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE ${CORE} ${CORE}/*.h ${CORE}/*.cc)
foreach(file ${files})
  if(NOT file MATCHES "^([a-z]+)/[a-z0-9_]+\\.(h|cc)$")
    mistake(${file} "sources are core/<layer>/<snake_case>.h or .cc")
    continue()
  endif()
  set(layer ${CMAKE_MATCH_1})
  if(NOT DEFINED may_${layer})
    mistake(${file} "'${layer}' is no layer")
    continue()
  endif()
  file(STRINGS ${CORE}/${file} includes REGEX "^[ \t]*#[ \t]*include")
  foreach(include ${includes})
    math(EXPR count "${count} + 1")
    if(include MATCHES "[<\"]uv(/[a-z]+)?\\.h[>\"]" AND
       NOT layer IN_LIST may_uv)
      mistake(${file} "'${layer}' may not include <uv.h>")
    elseif(include MATCHES "\"([^\"]*)\"")
      set(target "${CMAKE_MATCH_1}")
      set(above "")
      if(target MATCHES "^([a-z]+)/[a-z0-9_]+\\.h$")
        set(above ${CMAKE_MATCH_1})
      endif()
      if(NOT DEFINED may_${above})
        mistake(${file} "\"${target}\": an include names its layer")
      elseif(NOT above IN_LIST may_${layer})
        mistake(${file} "'${layer}' may not include '${above}' (${target})")
      endif()
    endif()
  endforeach()
endforeach()

if(mistakes)
  message(FATAL_ERROR "The order of the layers is broken:\n${mistakes}")
endif()
if(count EQUAL 0)
  message(FATAL_ERROR "${CORE} holds nothing to check")
endif()
message(STATUS "${count} includes keep the order of the layers")
