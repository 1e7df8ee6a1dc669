// A contract's interface as its descriptor set tells it: methods with their options, events,
// records and named errors. Everything the command line and the verifier know about a contract.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include "base/result.h"
#include "base/types.h"
#include "usance/contract/options.pb.h"

namespace usance::render {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// One contract's interface. Movable; the descriptors live as long as it does. Not thread-safe
// while messages are made.
class Interface {
 public:
  // `contract` is the registered name.
  // kMalformed when the bytes are no descriptor set or it does not hold exactly one service.
  static Result<Interface> parse(std::string contract, ByteView descriptor_set);

  [[nodiscard]] const std::string& contract() const { return contract_; }
  [[nodiscard]] const google::protobuf::ServiceDescriptor& service() const { return *service_; }
  [[nodiscard]] std::vector<const MethodDescriptor*> methods() const;
  // By its name, or that name in another style: "Issue", "issue", "mint-to". kNotFound, with a
  // suggestion.
  [[nodiscard]] Result<const MethodDescriptor*> method(std::string_view name) const;
  // A message by its short name: an event's or a record's. Null when unknown.
  [[nodiscard]] const Descriptor* message(std::string_view name) const;
  // The record that an item of the contract's state holds; null when no record claims it.
  [[nodiscard]] const Descriptor* record_of_item(ByteView item) const;
  // "NOT_BENEFICIARY" for a code of the contract's own or the standard errors; empty: unknown.
  [[nodiscard]] std::string error_name(std::uint32_t code) const;
  // The same as people read it, with the service: "LetterOfCredit.NotBeneficiary".
  [[nodiscard]] std::string error_title(std::uint32_t code) const;

  [[nodiscard]] std::unique_ptr<Message> make(const Descriptor& type) const;
  // kMalformed when the bytes are not such a message.
  [[nodiscard]] Result<std::unique_ptr<Message>> decode(const Descriptor& type,
                                                        ByteView bytes) const;

 private:
  Interface() = default;

  std::string contract_;
  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
  std::unique_ptr<google::protobuf::DynamicMessageFactory> factory_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
  const google::protobuf::ServiceDescriptor* service_ = nullptr;
};

// The contract encoding: fields ascending, defaults left out (docs/spec/contract-encoding.md).
[[nodiscard]] Bytes encode_message(const Message& message);

[[nodiscard]] contract::MethodOptions options_of(const MethodDescriptor& method);
[[nodiscard]] contract::FieldOptions options_of(const FieldDescriptor& field);
// The option, or its default (docs/spec/contract-encoding.md).
[[nodiscard]] std::uint32_t max_bytes(const FieldDescriptor& field);
[[nodiscard]] std::uint32_t max_items(const FieldDescriptor& field);
[[nodiscard]] bool is_money(const Descriptor& type);

// What the contract's author wrote above a declaration, or behind a field, as lines without
// indentation; control characters are replaced. Empty when the interface carries no comment.
[[nodiscard]] std::vector<std::string> comment_lines(
    const google::protobuf::ServiceDescriptor& service);
[[nodiscard]] std::vector<std::string> comment_lines(const MethodDescriptor& method);
[[nodiscard]] std::vector<std::string> comment_lines(const FieldDescriptor& field);

}  // namespace usance::render
