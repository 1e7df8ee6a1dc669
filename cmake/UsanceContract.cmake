# Contracts: from an interface and sources to a WebAssembly module and a native library.
#
# usance_interface(NAME PROTO x.proto [USES other ...])
#   Generates x.usance.h and x.usance.cpp and makes the library usance_interface_NAME: structs,
#   codec, errors, method descriptions. USES names the interfaces that the .proto imports.
#
# usance_contract(NAME PROTO x.proto SOURCES ... [USES other ...] [OUTPUT_DIR folder])
#   The interface; the library usance_contract_NAME, which runs natively against any HostApi; and
#   the module build/<preset>/contracts/NAME.wasm (target NAME_wasm) with the interface's
#   descriptors in its custom section `usance.interface`. USES names the interfaces that the
#   sources call or import. The module's bytes depend on the sources and tools alone.
#
#   Beside it, in build/<preset>/wasm, for tools: NAME.linked.wasm, the module before it was
#   optimised, with the places of its sources; NAME.optimiser, the options of that step;
#   NAME.functions, the names of the module's functions.
#
# A .proto is named by its path below the parent of the folder that declares it:
# contracts/deposit/deposit.proto is "deposit/deposit.proto" to imports, and its header
# "deposit/deposit.usance.h".
#
# Contracts outside this repository are built by the same recipe: the contract kit
# (UsanceContractKitConfig.cmake) sets USANCE_SDK_ROOT and USANCE_SDK_PROTO_DIR and includes this.

set(USANCE_GENERATED_DIR ${PROJECT_BINARY_DIR}/generated)
set(USANCE_CONTRACTS_DIR ${PROJECT_BINARY_DIR}/contracts)
set(USANCE_WASM_OBJECT_DIR ${PROJECT_BINARY_DIR}/wasm)
if(NOT USANCE_SDK_ROOT)
  set(USANCE_SDK_ROOT ${PROJECT_SOURCE_DIR})  # the folder of contracts/sdk
  set(USANCE_SDK_PROTO_DIR ${PROJECT_SOURCE_DIR}/contracts/sdk/proto)
endif()

find_program(USANCE_WASM_CXX clang++-14)
find_program(USANCE_WASM_LD wasm-ld-14)
find_program(USANCE_WASM_AR llvm-ar-14)
set(USANCE_WASM_BUILTINS
    /usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi/libclang_rt.builtins-wasm32.a
    CACHE FILEPATH "The compiler's helpers for wasm")
set(USANCE_WASM_LIBCXX /usr/lib/llvm-14/lib/wasm32-wasi/libc++.a
    CACHE FILEPATH "The C++ library for wasm")
find_program(USANCE_WASM_OPT wasm-opt)
foreach(tool USANCE_WASM_CXX USANCE_WASM_LD USANCE_WASM_AR USANCE_WASM_OPT)
  if(NOT ${tool})
    message(FATAL_ERROR "Contracts need: apt-get install clang-14 lld-14 llvm-14 binaryen "
                        "libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 libclang-rt-14-dev-wasm32 wasi-libc")
  endif()
endforeach()

set(USANCE_WASM_FLAGS
    --target=wasm32-wasi -std=c++20 -Oz -mcpu=mvp -mbulk-memory -fno-exceptions -fno-rtti -fno-math-errno
    -fno-threadsafe-statics -fvisibility=hidden -ffunction-sections -fdata-sections
    # Places of sources, for the messages of tools; none of it reaches the module.
    -gline-tables-only -fdebug-compilation-dir=.
    -ffile-prefix-map=${USANCE_SDK_ROOT}=. -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
    -ffile-prefix-map=${PROJECT_BINARY_DIR}=build
    -Wall -Wextra -I${USANCE_SDK_ROOT} -I${USANCE_GENERATED_DIR})

# Compiles one source to wasm and appends the object to the caller's list. The folder's parent is
# where it finds its own headers, "deposit/books.h".
function(usance_wasm_object out_list source)
  cmake_parse_arguments(ARG "" "" "DEPENDS;FLAGS" ${ARGN})
  get_filename_component(root ${CMAKE_CURRENT_SOURCE_DIR} DIRECTORY)
  if(IS_ABSOLUTE ${source})
    set(from ${source})
  else()
    set(from ${CMAKE_CURRENT_SOURCE_DIR}/${source})
  endif()
  # The object's name follows the source's place, so that equal names do not meet.
  string(REPLACE "${USANCE_GENERATED_DIR}/" "generated/" place ${from})
  string(REPLACE "${PROJECT_SOURCE_DIR}/" "" place ${place})
  set(object ${USANCE_WASM_OBJECT_DIR}/${place}.o)
  get_filename_component(folder ${object} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${object}
    COMMAND ${usance_launcher} ${USANCE_WASM_CXX} ${USANCE_WASM_FLAGS} -I${root} ${ARG_FLAGS}
            -MD -MF ${object}.d -c ${from} -o ${object}
    DEPENDS ${from} ${ARG_DEPENDS}
    DEPFILE ${object}.d
    COMMENT "Compiling ${place} to wasm" VERBATIM)
  set(${out_list} ${${out_list}} ${object} PARENT_SCOPE)
endfunction()

# Runs the plugin over one interface. Sets usance_stem to the path of its files without suffix.
function(usance_generate name proto root)
  file(RELATIVE_PATH relative ${root} ${proto})
  string(REGEX REPLACE "\\.proto$" "" relative ${relative})
  set(stem ${USANCE_GENERATED_DIR}/${relative})
  file(MAKE_DIRECTORY ${USANCE_GENERATED_DIR})
  # The imports are known by protoc's own list of what it read.
  add_custom_command(OUTPUT ${stem}.usance.h ${stem}.usance.cpp
    COMMAND protobuf::protoc --plugin=protoc-gen-usance=$<TARGET_FILE:protoc-gen-usance>
            -I ${USANCE_SDK_PROTO_DIR} -I ${root} --usance_out=${USANCE_GENERATED_DIR}
            --dependency_out=${stem}.d ${proto}
    DEPENDS ${proto} protoc-gen-usance
    DEPFILE ${stem}.d
    COMMENT "Generating ${relative}.usance.h" VERBATIM)
  add_custom_target(${name}_generated DEPENDS ${stem}.usance.h ${stem}.usance.cpp)
  set_target_properties(${name}_generated PROPERTIES
    USANCE_STEM ${stem} USANCE_PROTO ${proto} USANCE_ROOT ${root})
  set(usance_stem ${stem} PARENT_SCOPE)
endfunction()

function(usance_interface name)
  cmake_parse_arguments(ARG "SPEED" "PROTO" "USES" ${ARGN})
  get_filename_component(root ${CMAKE_CURRENT_SOURCE_DIR} DIRECTORY)
  usance_generate(${name} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_PROTO} ${root})
  add_library(usance_interface_${name} STATIC ${usance_stem}.usance.cpp)
  add_dependencies(usance_interface_${name} ${name}_generated usance_sdk)
  target_link_libraries(usance_interface_${name} PUBLIC usance_sdk)
  target_include_directories(usance_interface_${name} PUBLIC ${root} ${USANCE_GENERATED_DIR})
  set(headers sdk_generated ${name}_generated)
  foreach(other ${ARG_USES})
    target_link_libraries(usance_interface_${name} PUBLIC usance_interface_${other})
    list(APPEND headers ${other}_generated)
  endforeach()
  set(flags)
  if(ARG_SPEED)
    set(flags FLAGS -O2)
  endif()
  # One object for wasm, however many contracts use the interface.
  set(objects)
  usance_wasm_object(objects ${usance_stem}.usance.cpp DEPENDS ${headers} ${flags})
  add_custom_target(${name}_wasm_interface DEPENDS ${objects})
  set_target_properties(${name}_generated PROPERTIES USANCE_WASM_OBJECTS ${objects})
endfunction()

function(usance_contract name)
  cmake_parse_arguments(ARG "SPEED" "PROTO;OUTPUT_DIR" "SOURCES;USES" ${ARGN})
  set(speed)
  set(speed_flags)
  set(optimise -Oz)
  if(ARG_SPEED)
    set(speed SPEED)
    set(speed_flags FLAGS -O2)
    set(optimise -O3)
  endif()
  if(NOT ARG_OUTPUT_DIR)
    set(ARG_OUTPUT_DIR ${USANCE_CONTRACTS_DIR})
  endif()
  usance_interface(${name} PROTO ${ARG_PROTO} USES ${ARG_USES} ${speed})
  add_library(usance_contract_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(usance_contract_${name} PUBLIC usance_interface_${name})

  get_target_property(stem ${name}_generated USANCE_STEM)
  get_target_property(proto ${name}_generated USANCE_PROTO)
  get_target_property(root ${name}_generated USANCE_ROOT)
  add_custom_command(OUTPUT ${stem}.usance_entry.cpp
    COMMAND protobuf::protoc --plugin=protoc-gen-usance=$<TARGET_FILE:protoc-gen-usance>
            -I ${USANCE_SDK_PROTO_DIR} -I ${root} --usance_opt=entry
            --usance_out=${USANCE_GENERATED_DIR} --dependency_out=${stem}.entry.d ${proto}
    DEPENDS ${proto} protoc-gen-usance
    DEPFILE ${stem}.entry.d
    COMMENT "Generating the entry of ${name}" VERBATIM)
  # Headers must exist before the first compilation; afterwards the depfiles know.
  set(headers sdk_generated ${name}_generated)
  set(interfaces)
  set(interface_targets)
  foreach(interface ${name} ${ARG_USES})
    get_target_property(compiled ${interface}_generated USANCE_WASM_OBJECTS)
    list(APPEND interfaces ${compiled})
    list(APPEND interface_targets ${interface}_wasm_interface)
    list(APPEND headers ${interface}_generated)
  endforeach()
  set(objects)
  foreach(source ${ARG_SOURCES} ${stem}.usance_entry.cpp)
    usance_wasm_object(objects ${source} DEPENDS ${headers} ${speed_flags})
  endforeach()

  set(module ${ARG_OUTPUT_DIR}/${name}.wasm)
  set(linked ${USANCE_WASM_OBJECT_DIR}/${name}.linked.wasm)
  set(plain ${USANCE_WASM_OBJECT_DIR}/${name}.plain.wasm)
  set(descriptors ${USANCE_WASM_OBJECT_DIR}/${name}.descriptors.binpb)
  set(functions ${USANCE_WASM_OBJECT_DIR}/${name}.functions)
  file(MAKE_DIRECTORY ${ARG_OUTPUT_DIR} ${USANCE_WASM_OBJECT_DIR})
  add_custom_command(OUTPUT ${descriptors}
    COMMAND protobuf::protoc -I ${USANCE_SDK_PROTO_DIR} -I ${root} --include_imports
            --include_source_info --descriptor_set_out=${descriptors}
            --dependency_out=${descriptors}.d ${proto}
    DEPENDS ${proto}
    DEPFILE ${descriptors}.d
    COMMENT "Describing the interface of ${name}" VERBATIM)
  set(optimiser ${optimise} --mvp-features --enable-bulk-memory --strip-dwarf --strip-producers
      --strip-target-features)
  list(JOIN optimiser " " optimiser_text)
  file(WRITE ${USANCE_WASM_OBJECT_DIR}/${name}.optimiser "${optimiser_text}\n")
  get_property(runtime GLOBAL PROPERTY USANCE_WASM_RUNTIME)
  add_custom_command(OUTPUT ${module} ${linked} ${functions}
    COMMAND ${USANCE_WASM_LD} --no-entry --gc-sections --stack-first
            -z stack-size=16384 -O2 -o ${linked} ${objects} ${interfaces} ${runtime} ${USANCE_WASM_LIBCXX}
            ${USANCE_WASM_BUILTINS}
    # A quarter smaller: the linker does not fold the equal code of equal templates. Names leave the
    # module last, so that their map is the module's.
    COMMAND ${USANCE_WASM_OPT} ${optimiser} --symbolmap=${functions} ${linked} -o ${plain}
    COMMAND usance-embed-interface ${plain} ${descriptors} ${module}
    DEPENDS ${objects} ${interfaces} ${interface_targets} ${runtime} ${descriptors}
            usance-embed-interface
    COMMENT "Linking ${name}.wasm" VERBATIM)
  add_custom_target(${name}_wasm ALL DEPENDS ${module})
  if(TARGET usance_modules)
    add_dependencies(usance_modules ${name}_wasm)
  endif()
  set_property(GLOBAL APPEND PROPERTY USANCE_CONTRACT_MODULES ${name}_wasm)
endfunction()
