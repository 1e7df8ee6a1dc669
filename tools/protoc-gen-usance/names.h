// How names of an interface become names of C++.
#pragma once

#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>

namespace usance::generator {

// "GetAccount" -> "get_account".
[[nodiscard]] std::string snake_case(std::string_view name);
// "ACCOUNT_NOT_FOUND" -> "AccountNotFound".
[[nodiscard]] std::string camel_case(std::string_view name);
// Appends '_' to what is a keyword of C++.
[[nodiscard]] std::string identifier(std::string name);
// "usance.deposit.v1" -> "usance::deposit::v1".
[[nodiscard]] std::string namespace_of(const google::protobuf::FileDescriptor& file);
// "Account" within its own package, "::usance::contract::Money" elsewhere.
[[nodiscard]] std::string type_name(const google::protobuf::Descriptor& message,
                                    const google::protobuf::FileDescriptor& in);
[[nodiscard]] std::string type_name(const google::protobuf::EnumDescriptor& type,
                                    const google::protobuf::FileDescriptor& in);
// "kAccountNotFound": without the prefix that repeats the enum's own name, if all values have it.
[[nodiscard]] std::string enumerator(const google::protobuf::EnumValueDescriptor& value);
// "deposit/deposit.proto" -> "deposit/deposit".
[[nodiscard]] std::string stem(const google::protobuf::FileDescriptor& file);

}  // namespace usance::generator
