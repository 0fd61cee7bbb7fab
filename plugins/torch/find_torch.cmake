# flowrun_torch: LibTorch's headers and its CPU libraries. From FLOWRUN_TORCH, or from the cache that
# tools/fetch_torch.sh fills; no target where there is none.
set(FLOWRUN_TORCH "" CACHE STRING "folder of a LibTorch (the one with lib/ and include/), or OFF; by default the one in the cache")
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/tools/torch_wheels.txt wheel REGEX "^torch==")
string(REGEX REPLACE "^torch==([^ ]+).*" "\\1" FLOWRUN_TORCH_VERSION "${wheel}")

set(folder "${FLOWRUN_TORCH}")
if(folder STREQUAL "")
  if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(folder $ENV{XDG_CACHE_HOME}/flowrun/torch-${FLOWRUN_TORCH_VERSION}/torch)
  else()
    set(folder $ENV{HOME}/.cache/flowrun/torch-${FLOWRUN_TORCH_VERSION}/torch)
  endif()
endif()

if(folder STREQUAL "OFF")
  return()
elseif(NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU OR FLOWRUN_SANITIZE)
  message(STATUS "flowrun: no plugin torch: LibTorch's headers are for g++ without sanitizers")
  return()
elseif(NOT EXISTS ${folder}/lib/libtorch_cpu.so)
  if(FLOWRUN_TORCH)
    message(FATAL_ERROR "FLOWRUN_TORCH: ${folder} has no lib/libtorch_cpu.so; right: the folder of a LibTorch, or OFF")
  endif()
  message(STATUS "flowrun: no plugin torch: plugins/torch/tools/fetch_torch.sh fetches LibTorch ${FLOWRUN_TORCH_VERSION}")
  return()
endif()

set(FLOWRUN_TORCH_LIBRARIES ${folder}/lib)
add_library(flowrun_torch INTERFACE)
target_include_directories(flowrun_torch SYSTEM INTERFACE ${folder}/include ${folder}/include/torch/csrc/api/include)
target_link_libraries(flowrun_torch INTERFACE ${folder}/lib/libtorch_cpu.so ${folder}/lib/libc10.so)
# What those two libraries need of CUDA is found by their own list of folders.
target_link_options(flowrun_torch INTERFACE -Wl,--allow-shlib-undefined)
