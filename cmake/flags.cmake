# One interface target carries every compiler flag; docs/security-model.md gives the reason for each.
add_library(soapbark_flags INTERFACE)
target_compile_options(soapbark_flags INTERFACE
  -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wswitch -Wvla -Wformat=2
  -Wimplicit-fallthrough -Wmissing-prototypes -Wstrict-prototypes
  -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug CACHE STRING "" FORCE)
endif()
