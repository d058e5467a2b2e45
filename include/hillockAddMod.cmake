# hillock_add_mod(TARGET a.mod b.mod ...): translates .mod files when TARGET is built, and lets it include their headers:
#   hillock_add_mod(my_program ca.mod)      #include "ca.hpp"      hillock::mod::ca{}
# A header is named after its mechanism's SUFFIX, which the file says. A file that cannot be translated stops the build with
# its place and the reason.
function(hillock_add_mod target)
  if(NOT TARGET hillock::nmodl AND hillock_nmodl_source)
    add_executable(hillock-nmodl EXCLUDE_FROM_ALL "${hillock_nmodl_source}")
    add_executable(hillock::nmodl ALIAS hillock-nmodl)
    target_link_libraries(hillock-nmodl PRIVATE hillock::hillock)
  endif()
  if(NOT TARGET hillock::nmodl)
    message(FATAL_ERROR "hillock_add_mod: there is no hillock-nmodl; it is installed with hillock where CLI11 is found")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_mod")
  set(files "")
  foreach(file IN LISTS ARGN)
    get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    list(APPEND files "${path}")
  endforeach()
  set(stamp "${folder}/translated")
  add_custom_command(
    OUTPUT "${stamp}"
    COMMAND hillock::nmodl ${files} --output "${folder}"
    COMMAND ${CMAKE_COMMAND} -E touch "${stamp}"
    DEPENDS ${files} hillock::nmodl
    COMMENT "Translating mod files of ${target}"
    VERBATIM)
  add_custom_target(${target}_mod DEPENDS "${stamp}")
  add_dependencies(${target} ${target}_mod)
  target_include_directories(${target} PRIVATE "${folder}")
endfunction()
