# Turns the files that INDEX names into a C file: cmake -DINDEX=catalog/index -DOUTPUT=catalog_data.c -P embed.cmake
#
# A line of the index is "NAMESPACE FILE"; '#' starts a comment. The texts become byte arrays, so that the program finds
# them wherever it is installed and no compiler's limit on string literals is met.
cmake_minimum_required(VERSION 3.25)
get_filename_component(folder ${INDEX} DIRECTORY)
file(STRINGS ${INDEX} lines)
set(arrays "")
set(rows "")
set(number 0)
foreach(line ${lines})
  if(line MATCHES "^#" OR NOT line MATCHES "^([^ ]+) +([^ ]+)$")
    continue()
  endif()
  set(namespace ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  file(READ ${folder}/${name} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char text_${number}[] = {${bytes}0};\n")
  string(APPEND rows "    { \"${namespace}\", \"${name}\", text_${number}, sizeof text_${number} - 1 },\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made from catalog/ by cmake/embed.cmake. */
#include \"load/catalog.h\"

${arrays}
static const struct soapc_catalog_entry entries[] = {
${rows}};

const struct soapc_catalog_entry *soapc_catalog_entries(size_t *count)
{
    *count = sizeof entries / sizeof *entries;
    return entries;
}
")
