// The flags of a contract's method, made from its interface: --name VALUE for each field of the
// request, --terms.amount VALUE for a nested one, --arguments JSON|@FILE for the whole message.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/render/interface.h"
#include "tools/render/value.h"

namespace usance::cli {

// A request built from words such as {"--to", "nile-bank/exporter/USD", "--amount", "USD:5.00"}.
// Errors (kInvalidArgument) name the flag, what it takes, and the nearest one to a mistyped name.
[[nodiscard]] Result<std::unique_ptr<google::protobuf::Message>> build_request(
    const render::Interface& interface, const google::protobuf::MethodDescriptor& method,
    const std::vector<std::string>& words, const render::FileReader& files);

// Help on a method: what it does not say itself, its flags with their types, who may call it.
[[nodiscard]] std::string method_help(const render::Interface& interface,
                                      const google::protobuf::MethodDescriptor& method);
// One line on each method.
[[nodiscard]] std::string interface_help(const render::Interface& interface);
// "maker or checker of a bank", "anybody": who may call.
[[nodiscard]] std::string who_may_call(const google::protobuf::MethodDescriptor& method);

// "--latest-shipment" for latest_shipment.
[[nodiscard]] std::string flag_name(const std::string& field);

}  // namespace usance::cli
