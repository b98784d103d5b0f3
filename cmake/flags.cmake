# One interface target carries every compiler flag; docs/security-model.md gives the reason for each.
#
#   SOAPBARK_TRAP      bounds, overflow, shift and division checks that stop the process (on in Release)
#   SOAPBARK_HARDEN    stack, return-address and initialisation hardening (on in Release)
#   SOAPBARK_SANITIZE  list of sanitizers with reports, for test builds: "address,undefined"
#
# A flag that only some compilers know is tried, not guessed from a version number.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Asserts state what we guarantee, and release builds keep them: no -DNDEBUG.
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_MINSIZEREL "-Os -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_MINSIZEREL "-Wl,--gc-sections")

set(release_default OFF)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(release_default ON)
endif()
set(SOAPBARK_SANITIZE "" CACHE STRING "sanitizers of a test build, comma separated")
option(SOAPBARK_TRAP "stop the process on overflow, bad shift, division or bounds" ${release_default})
option(SOAPBARK_HARDEN "stack, control-flow and initialisation hardening" ${release_default})

add_library(soapbark_flags INTERFACE)

# Adds the flags that the compiler knows.
function(soapbark_try_flags)
  foreach(flag ${ARGN})
    string(MAKE_C_IDENTIFIER "SOAPBARK_HAS${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(soapbark_flags INTERFACE ${flag})
    endif()
  endforeach()
endfunction()

target_compile_options(soapbark_flags INTERFACE
  -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wswitch -Wvla -Wformat=2
  -Wimplicit-fallthrough $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  -fno-delete-null-pointer-checks -fno-strict-aliasing
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
soapbark_try_flags(-Wtrampolines -Wbidi-chars=any)

# -fno-strict-overflow makes signed overflow wrap, and with it gcc 12 and clang 14 stop instrumenting it: the
# flag would silently switch off the check below. So it belongs to builds that do not check.
if(SOAPBARK_TRAP OR SOAPBARK_SANITIZE)
  soapbark_try_flags(-fwrapv-pointer)
else()
  target_compile_options(soapbark_flags INTERFACE -fno-strict-overflow)
endif()

if(SOAPBARK_TRAP AND NOT SOAPBARK_SANITIZE)
  target_compile_options(soapbark_flags INTERFACE
    -fsanitize=bounds,signed-integer-overflow,shift,integer-divide-by-zero,vla-bound)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(soapbark_flags INTERFACE -fsanitize-undefined-trap-on-error)
  else()
    target_compile_options(soapbark_flags INTERFACE -fsanitize-trap=all)
  endif()
endif()

# gcc clears and copies structs by "rep stos" and "rep movs", which take some 30 cycles before their first byte; a
# request clears dozens of small ones. Stores up to 256 bytes, and the C library for what is longer: 12 % of the time of
# a small SOAP request (docs/performance.md).
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND
   CMAKE_BUILD_TYPE STREQUAL "Release")
  soapbark_try_flags(-mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign
                     -mmemcpy-strategy=unrolled_loop:256:noalign,libcall:-1:noalign)
endif()

if(SOAPBARK_SANITIZE)
  target_compile_options(soapbark_flags INTERFACE
    -fsanitize=${SOAPBARK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(soapbark_flags INTERFACE -fsanitize=${SOAPBARK_SANITIZE})
endif()

if(SOAPBARK_HARDEN AND NOT SOAPBARK_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  target_compile_options(soapbark_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong)
  soapbark_try_flags(-fstack-clash-protection -fzero-call-used-regs=used-gpr -fstrict-flex-arrays=3)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    soapbark_try_flags(-mbranch-protection=standard)
  else()
    soapbark_try_flags(-fcf-protection=full)
  endif()
  # [R16] zero where the compiler offers it, else a pattern that makes a forgotten initialisation loud.
  check_c_compiler_flag(-ftrivial-auto-var-init=zero SOAPBARK_HAS_INIT_ZERO)
  if(SOAPBARK_HAS_INIT_ZERO)
    target_compile_options(soapbark_flags INTERFACE -ftrivial-auto-var-init=zero)
  else()
    soapbark_try_flags(-ftrivial-auto-var-init=pattern)
  endif()
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C)
  foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,nodlopen -Wl,--as-needed)
    string(MAKE_C_IDENTIFIER "SOAPBARK_LINKS${flag}" known)
    check_linker_flag(C ${flag} ${known})
    if(${known})
      target_link_options(soapbark_flags INTERFACE ${flag})
    endif()
  endforeach()
endif()
