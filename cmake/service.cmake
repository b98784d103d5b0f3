# soapbark_add_service(NAME FILE.wsdl [OPERATIONS A B ...]): a library NAME with the structs and tables of a service,
# made by `soapbark compile` at build time. Targets that link to it include FILE.h.
function(soapbark_add_service name wsdl)
  cmake_parse_arguments(service "" "" "OPERATIONS" ${ARGN})
  get_filename_component(path ${wsdl} ABSOLUTE)
  get_filename_component(base ${wsdl} NAME_WE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(options)
  if(service_OPERATIONS)
    list(JOIN service_OPERATIONS "," operations)
    set(options --operations ${operations})
  endif()
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${folder}/${base}.h ${folder}/${base}.c
    COMMAND soapbark_cli compile ${path} ${options} -o ${folder} DEPENDS soapbark_cli ${path}
    COMMENT "soapbark compile ${base}.wsdl" VERBATIM)
  add_library(${name} STATIC ${folder}/${base}.h ${folder}/${base}.c)
  target_include_directories(${name} PUBLIC ${folder})
  target_link_libraries(${name} PUBLIC soapbark PRIVATE soapbark_flags)
endfunction()
