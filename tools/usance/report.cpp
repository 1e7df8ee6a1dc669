#include "tools/usance/report.h"

#include "base/hash.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/view.h"

namespace usance::cli {

namespace pb = google::protobuf;

std::string result_text(const render::Interface& interface, const pb::MethodDescriptor& method,
                        const Receipt& receipt) {
  if (receipt.status != ReceiptStatus::kOk || receipt.result.empty()) return "";
  const auto result = interface.decode(*method.output_type(), receipt.result);
  return result ? render::to_text(**result, 2) : "  " + result.error().message + "\n";
}

Json result_json(const render::Interface& interface, const pb::MethodDescriptor& method,
                 const Receipt& receipt) {
  if (receipt.status != ReceiptStatus::kOk) return Json();
  const auto result = interface.decode(*method.output_type(), receipt.result);
  return result ? render::to_json(**result) : Json();
}

std::string event_lines(const std::vector<ShownEvent>& events) {
  std::string out;
  for (const ShownEvent& event : events) out += "event " + event.text + "\n";
  return out;
}

Json event_list(const std::vector<ShownEvent>& events) {
  Json out = Json::array();
  for (const ShownEvent& event : events) out.push_back(event.json);
  return out;
}

ExitCode report(const Context& context, const Client& client, const render::Interface& interface,
                const pb::MethodDescriptor& method, const CallResult& result) {
  EventDecoder decoder(client);
  const std::vector<ShownEvent> events = decoder.of_action(result.height, result.action);
  const Json json{{"tx_id", to_hex(result.id)},
                  {"height", result.height.value},
                  {"action", result.action},
                  {"time_ms", result.time.value},
                  {"outcome", outcome_json(result.receipt, &interface)},
                  {"result", result_json(interface, method, result.receipt)},
                  {"events", event_list(events)}};
  const bool ok = result.receipt.status == ReceiptStatus::kOk;
  const std::string text = (ok ? "ok\n" : "") + result_text(interface, method, result.receipt) +
                           event_lines(events) + "transaction " + to_hex(result.id) + "\nheight " +
                           std::to_string(result.height.value) + ", " +
                           render::format_time(static_cast<std::int64_t>(result.time.value)) +
                           ", gas " + std::to_string(result.receipt.gas_used);
  print(context, json, text);
  if (!ok) note("error: " + outcome_text(result.receipt, &interface));
  return exit_of(result.receipt);
}

namespace {

struct Prepared {
  std::shared_ptr<render::Interface> interface;
  const pb::MethodDescriptor* method = nullptr;
  CallPlan plan;
};

Outcome<Prepared> prepare(const Client& client, const NamedCall& call) {
  Prepared out;
  CLI_ASSIGN(render::Interface interface, fetch_interface(client, call.contract));
  out.interface = std::make_shared<render::Interface>(std::move(interface));
  CLI_ASSIGN(out.method, method_of(*out.interface, call.method));
  const auto request = out.interface->make(*out.method->input_type());
  CLI_TRY(render::set_from_json(*request, call.request, ""));
  CLI_TRY(render::check_lengths(*request));
  out.plan.contract = call.contract;
  out.plan.method = out.method->name();
  out.plan.arguments = render::encode_message(*request);
  return out;
}

}  // namespace

namespace {

Outcome<std::shared_ptr<pb::Message>> decode_response(const Prepared& prepared, ByteView bytes) {
  CLI_ASSIGN(std::unique_ptr<pb::Message> message,
             prepared.interface->decode(*prepared.method->output_type(), bytes));
  return std::shared_ptr<pb::Message>(
      message.release(), [interface = prepared.interface](pb::Message* one) { delete one; });
}

}  // namespace

Outcome<NamedResult> call_named(const Client& client, const NamedCall& call) {
  CLI_ASSIGN(const Prepared prepared, prepare(client, call));
  NamedResult out;
  CLI_ASSIGN(out.result, submit_and_wait(client, prepared.plan));
  const Receipt& receipt = out.result.receipt;
  if (receipt.status != ReceiptStatus::kOk)
    return stop(exit_of(receipt), outcome_text(receipt, prepared.interface.get()));
  out.interface = prepared.interface;
  CLI_ASSIGN(out.response, decode_response(prepared, receipt.result));
  return out;
}

Outcome<NamedResult> view_named(const Client& client, const NamedCall& call, std::uint64_t height) {
  CLI_ASSIGN(const Prepared prepared, prepare(client, call));
  CLI_ASSIGN(const v1::CallViewResponse answer,
             call_view(client, prepared.plan.contract, prepared.plan.method,
                       prepared.plan.arguments, height));
  NamedResult out;
  out.result.height = Height(answer.at().height());
  out.result.time = TimeMs(answer.at().time_ms());
  out.interface = prepared.interface;
  CLI_ASSIGN(out.response, decode_response(prepared, as_bytes(answer.result())));
  return out;
}

}  // namespace usance::cli
