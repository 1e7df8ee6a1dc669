// protoc-gen-usance: C++ structs, codec and dispatcher from a contract's interface.
#include <google/protobuf/compiler/plugin.h>

#include "generator.h"

int main(int argc, char** argv) {
  const usance::generator::Generator generator;
  return google::protobuf::compiler::PluginMain(argc, argv, &generator);
}
