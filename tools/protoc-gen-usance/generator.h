// The plugin: for each interface file NAME.proto it writes NAME.usance.h and NAME.usance.cpp; with
// the parameter `entry` instead NAME.usance_entry.cpp, the function that a wasm module exports.
#pragma once

#include <string>

#include <google/protobuf/compiler/code_generator.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/printer.h>

namespace usance::generator {

class Generator final : public google::protobuf::compiler::CodeGenerator {
 public:
  bool Generate(const google::protobuf::FileDescriptor* file, const std::string& parameter,
                google::protobuf::compiler::GeneratorContext* context,
                std::string* error) const override;
  [[nodiscard]] std::uint64_t GetSupportedFeatures() const override {
    return FEATURE_PROTO3_OPTIONAL;
  }
};

// The parts of the output, each in the file of its name.
void print_header(const google::protobuf::FileDescriptor& file, google::protobuf::io::Printer& out);
void print_source(const google::protobuf::FileDescriptor& file, google::protobuf::io::Printer& out);
void print_entry(const google::protobuf::FileDescriptor& file, google::protobuf::io::Printer& out);
// write() and read() of one message.
void print_codec(const google::protobuf::Descriptor& message, google::protobuf::io::Printer& out);

}  // namespace usance::generator
