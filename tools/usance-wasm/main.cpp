// usance-wasm: the contract VM on its own, for conformance tests, measurements and a look inside.
#include <iostream>

#include "tools/usance-wasm/commands.h"

int main(int argc, char** argv) {
  using namespace usance::tools;
  constexpr std::string_view kHelp =
      "usance-wasm: the contract VM on its own\n"
      "  spectest [--profile full|contract] [--dispatch goto|switch] [--digest] [--skips]\n"
      "           DIR|FILE.json...\n"
      "           runs the official WebAssembly tests, converted by wast2json\n"
      "  run FILE EXPORT N      prints the u32 result and the call's CPU milliseconds\n"
      "  latency FILE EXPORT N  microseconds from bytes, and from a cached module, to the result\n"
      "  inspect FILE           what the module contains and whether a ledger accepts it\n"
      "  calibrate [instructions] [deployments] [host]\n"
      "                         what programs cost in time for the gas they pay\n"
      "  compare [--seeds A..B] [--peer WASM-INTERP] [--digests] [--keep DIR]\n"
      "                         runs generated modules in every way, and in another engine\n";
  const std::string command = argc > 1 ? argv[1] : "";
  const Arguments rest(argv + std::min(argc, 2), argv + argc);
  if (command == "spectest") return spectest_command(rest);
  if (command == "run") return run_command(rest);
  if (command == "latency") return latency_command(rest);
  if (command == "inspect") return inspect_command(rest);
  if (command == "calibrate") return calibrate_command(rest);
  if (command == "compare") return compare_command(rest);
  const bool asked = command == "--help" || command == "help";
  (asked ? std::cout : std::cerr) << kHelp;
  return asked ? 0 : 2;
}
