#include "tools/usance/proposals.h"

#include <functional>
#include <memory>

#include "tools/render/text.h"
#include "tools/render/value.h"

namespace usance::cli {

namespace {

using render::Message;

std::string text_of(const Message& message, const char* field) {
  return message.GetReflection()->GetString(message,
                                            message.GetDescriptor()->FindFieldByName(field));
}

// Each proposal of the answer, with its place in the answer's JSON.
void each_proposal(Message& answer, Json& json,
                   const std::function<void(Message& proposal, Json& place)>& act) {
  const auto* reflection = answer.GetReflection();
  if (const auto* one = answer.GetDescriptor()->FindFieldByName("proposal")) {
    act(*reflection->MutableMessage(&answer, one), json["proposal"]);
  } else if (const auto* many = answer.GetDescriptor()->FindFieldByName("proposals")) {
    for (int i = 0; i < reflection->FieldSize(answer, many); ++i)
      act(*reflection->MutableRepeatedMessage(&answer, many, i),
          json["proposals"][static_cast<std::size_t>(i)]);
  }
}

}  // namespace

ProposalReport report_proposals(const render::Interface& interface, const Message& answer) {
  ProposalReport report{render::to_json(answer), {}};
  const std::unique_ptr<Message> shown(answer.New());
  shown->CopyFrom(answer);
  std::string requests;
  each_proposal(*shown, report.json, [&](Message& proposal, Json& place) {
    const std::string name = text_of(proposal, "method");
    const std::string arguments = text_of(proposal, "arguments");
    const auto method = interface.method(name);
    if (!method) return;
    const auto request = interface.decode(*(*method)->input_type(), as_bytes(arguments));
    if (!request) return;
    place["request"] = render::to_json(**request);
    const auto* type = proposal.GetDescriptor();
    proposal.GetReflection()->ClearField(&proposal, type->FindFieldByName("arguments"));
    const std::uint64_t id =
        proposal.GetReflection()->GetUInt64(proposal, type->FindFieldByName("id"));
    requests += "proposal " + std::to_string(id) + " asks for " + name + ":\n" +
                render::to_text(**request, 2);
  });
  report.text = render::to_text(*shown) + requests;
  return report;
}

}  // namespace usance::cli
