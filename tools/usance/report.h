// What a person or a program learns of a call's outcome.
#pragma once

#include <string>
#include <vector>

#include "tools/usance/events.h"
#include "tools/usance/transact.h"

namespace usance::cli {

// The decoded response, indented, or nothing unless the call succeeded.
[[nodiscard]] std::string result_text(const render::Interface& interface,
                                      const google::protobuf::MethodDescriptor& method,
                                      const Receipt& receipt);
[[nodiscard]] Json result_json(const render::Interface& interface,
                               const google::protobuf::MethodDescriptor& method,
                               const Receipt& receipt);
[[nodiscard]] std::string event_lines(const std::vector<ShownEvent>& events);
[[nodiscard]] Json event_list(const std::vector<ShownEvent>& events);

// Prints result, events and receipt of a certified call; the exit code that belongs to it.
ExitCode report(const Context& context, const Client& client, const render::Interface& interface,
                const google::protobuf::MethodDescriptor& method, const CallResult& result);

// A call whose request is given as JSON, for commands that stand for one method: fetches the
// interface, checks, signs, submits, reports.
struct NamedCall {
  std::string contract;
  std::string method;
  nlohmann::json request;
};
struct NamedResult {
  CallResult result;
  std::shared_ptr<const render::Interface> interface;  // of the contract
  // Keeps the interface alive that describes it.
  std::shared_ptr<google::protobuf::Message> response;
};
[[nodiscard]] Outcome<NamedResult> call_named(const Client& client, const NamedCall& call);
// A view, read at the latest certified height (or `height`).
[[nodiscard]] Outcome<NamedResult> view_named(const Client& client, const NamedCall& call,
                                              std::uint64_t height = 0);

}  // namespace usance::cli
