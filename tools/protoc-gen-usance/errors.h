// Constructor functions for an interface's named errors.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/printer.h>

namespace usance::generator {

// Both print nothing unless the enum has the option `errors`.
void print_error_declarations(const google::protobuf::EnumDescriptor& type,
                              google::protobuf::io::Printer& out);
void print_error_definitions(const google::protobuf::EnumDescriptor& type,
                             google::protobuf::io::Printer& out);

}  // namespace usance::generator
