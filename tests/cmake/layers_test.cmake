# The layer check itself: passes a good tree, and finds each kind of mistake.
#
#   cmake -DSCRIPT=layers.cmake -DFOLDER=<scratch> -P layers_test.cmake

# example(name verdict file text): a tree with one source besides the good one.
function(example name expected file text)
  set(core ${FOLDER}/${name})
  file(REMOVE_RECURSE ${core})
  file(WRITE ${core}/net/loop.h "#include <uv.h>\n#include \"hub/hub.h\"\n")
  file(WRITE ${core}/${file} "${text}\n")
  execute_process(
    COMMAND ${CMAKE_COMMAND} -DCORE=${core} -P ${SCRIPT}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  if(expected STREQUAL "good")
    if(NOT status EQUAL 0)
      message(SEND_ERROR "${name}: refused, though good: ${output}")
    endif()
  elseif(status EQUAL 0)
    message(SEND_ERROR "${name}: passed, though ${expected}")
  elseif(NOT output MATCHES "${expected}")
    message(SEND_ERROR "${name}: '${expected}' is not what it said: ${output}")
  endif()
endfunction()

example(down good session/a.h "#include \"hub/hub.h\"")
example(itself good hub/a.cc "#include \"hub/a.h\"")
example(system good base/a.h "#include <vector>")
example(main good main/main.cc "#include \"bench/bench.h\"")
example(up "'hub' may not include 'session'" hub/a.h
        "#include \"session/session.h\"")
example(spaced_up "'base' may not include 'wire'" base/a.h
        "  # include \"wire/utf8.h\"")
example(sideways "'db' may not include 'cluster'" db/a.cc
        "#include \"cluster/node.h\"")
example(native good native/a.cc "#include \"broker/site_file.h\"")
example(into_native "'broker' may not include 'native'" broker/a.cc
        "#include \"native/drupal.h\"")
example(bench "'bench' may not include 'hub'" bench/a.cc
        "#include \"hub/hub.h\"")
example(into_bench "'broker' may not include 'bench'" broker/a.cc
        "#include \"bench/bench.h\"")
example(token good session/a.h "#include \"token/claims.h\"")
example(under_token "'hub' may not include 'token'" hub/a.h
        "#include \"token/claims.h\"")
example(uv "'session' may not include <uv.h>" session/a.h "#include <uv.h>")
example(bare "an include names its layer" hub/a.cc "#include \"hub.h\"")
example(dotted "an include names its layer" hub/a.cc
        "#include \"../wire/utf8.h\"")
example(stray "'util' is no layer" util/a.h "#include <vector>")
example(nested "sources are core/<layer>" hub/deep/a.h "#include <vector>")
