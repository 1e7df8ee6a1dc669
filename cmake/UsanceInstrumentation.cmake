# How what is compiled for this machine is instrumented; modules for the VM never are. Shared by this
# repository and by the contract kit.

option(USANCE_COVERAGE "Instrument for line coverage" OFF)
set(USANCE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

if(USANCE_SANITIZE)
  add_compile_options(-fsanitize=${USANCE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${USANCE_SANITIZE})
endif()
if(USANCE_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
