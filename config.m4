dnl Builds the extension alone: phpize && ./configure && make && make install
dnl With --with-broker the broker (drupalrtd) is built and installed too.

PHP_ARG_ENABLE([drupalrt],
  [whether to enable drupalrt],
  [AS_HELP_STRING([--enable-drupalrt],
    [Enable drupalrt, which hands events to the real-time broker])])

PHP_ARG_WITH([broker],
  [whether to build the broker too],
  [AS_HELP_STRING([--with-broker],
    [Build and install the broker, drupalrtd, by CMake])],
  [no],
  [no])

PHP_ARG_ENABLE([drupalrt-werror],
  [whether warnings are errors],
  [AS_HELP_STRING([--enable-drupalrt-werror],
    [For development: all warnings, each an error])],
  [no],
  [no])

if test "$PHP_DRUPALRT" != "no"; then
  PHP_REQUIRE_CXX()

  DRUPALRT_ROOT="PHP_EXT_SRCDIR([drupalrt])"
  DRUPALRT_VERSION=`head -n 1 "$DRUPALRT_ROOT/VERSION" 2>/dev/null`
  if test -z "$DRUPALRT_VERSION"; then
    AC_MSG_ERROR([the file VERSION is missing beside config.m4])
  fi
  AC_DEFINE_UNQUOTED([DRUPALRT_VERSION], ["$DRUPALRT_VERSION"],
    [The version of extension and broker])

  dnl The broker is looked for beside PHP's own prefix.
  DRUPALRT_BINDIR="$prefix/bin"
  AC_DEFINE_UNQUOTED([DRUPALRT_INSTALLED_BROKER],
    ["$DRUPALRT_BINDIR/drupalrtd"], [Where make install puts the broker])

  DRUPALRT_FLAGS="-std=c++20 -fno-exceptions -fno-rtti -fvisibility=hidden"
  DRUPALRT_FLAGS="$DRUPALRT_FLAGS -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1"
  if test "$PHP_DRUPALRT_WERROR" != "no"; then
    dnl PHP's own headers are not ours to mend, and its callbacks have
    dnl parameters that not each of them needs.
    DRUPALRT_FLAGS="$DRUPALRT_FLAGS -Wall -Wextra -Wno-unused-parameter -Werror"
    for directory in "" /main /TSRM /Zend; do
      DRUPALRT_FLAGS="$DRUPALRT_FLAGS -isystem $phpincludedir$directory"
    done
  fi

  PHP_NEW_EXTENSION([drupalrt], [m4_normalize([
      ext/ask.cc
      ext/autostart.cc
      ext/call.cc
      ext/channel.cc
      ext/channels.cc
      ext/classes.cc
      ext/clients.cc
      ext/connection.cc
      ext/counters.cc
      ext/frame.cc
      ext/greeting.cc
      ext/json.cc
      ext/launch.cc
      ext/link.cc
      ext/method.cc
      ext/module.cc
      ext/option.cc
      ext/options.cc
      ext/publish.cc
      ext/site.cc
      ext/socket_path.cc
      ext/status.cc
      ext/token.cc
    ])],
    [$ext_shared],,
    [$DRUPALRT_FLAGS], [cxx])
  PHP_ADD_INCLUDE([$DRUPALRT_ROOT])
  PHP_ADD_INCLUDE([$DRUPALRT_ROOT/ext])

  dnl configure tidies up by "rm -f core && rm -f confdefs.h": the first part
  dnl stumbles over our directory of that name, harmlessly but for the second.
  AC_CONFIG_COMMANDS_POST([rm -f confdefs.h])

  if test "$PHP_BROKER" != "no"; then
    dnl CMake names what is missing, and the package that brings it.
    AC_PATH_PROG([CMAKE], [cmake])
    if test -z "$CMAKE"; then
      AC_MSG_ERROR([cmake was not found. On Debian: apt-get install cmake])
    fi
    AC_MSG_NOTICE([configuring the broker by CMake])
    if ! "$CMAKE" -S "$DRUPALRT_ROOT" -B out/build/broker \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DRT_TESTS=OFF; then
      AC_MSG_ERROR([the broker cannot be built, see above])
    fi
    PHP_SUBST([CMAKE])
    PHP_ADD_MAKEFILE_FRAGMENT([$DRUPALRT_ROOT/Makefile.frag])
  fi
fi
