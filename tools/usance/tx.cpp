// usance tx: what became of a transaction.
#include <chrono>
#include <thread>

#include "base/hash.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/usance/report.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::cli {

namespace {

using Stage = v1::GetStatusResponse::Stage;

struct TxFlags {
  std::string id;
};

std::string stage_name(Stage stage) {
  switch (stage) {
    case v1::GetStatusResponse::STAGE_UNKNOWN: return "unknown";
    case v1::GetStatusResponse::STAGE_PENDING: return "pending";
    case v1::GetStatusResponse::STAGE_EXECUTED: return "executed";
    case v1::GetStatusResponse::STAGE_CERTIFIED: return "certified";
    default: return "unspecified";
  }
}

Outcome<v1::GetStatusRequest> request_of(const TxFlags& flags) {
  Hash32 id;
  if (!fixed_from_hex(flags.id, id))
    return stop(ExitCode::kUsage, "'" + flags.id + "' is no transaction id: 64 hexadecimal digits");
  v1::GetStatusRequest request;
  request.set_tx_id(proto::to_string(id));
  return request;
}

Outcome<ExitCode> say(const Context& context, const Client& client,
                      const v1::GetStatusResponse& answer, const std::string& id, bool whole) {
  Json json{{"tx_id", id}, {"stage", stage_name(answer.stage())}};
  const bool done = answer.stage() >= v1::GetStatusResponse::STAGE_EXECUTED;
  if (!done) {
    const bool pending = answer.stage() == v1::GetStatusResponse::STAGE_PENDING;
    print(context, json,
          pending ? "pending: it waits to be ordered"
                  : "unknown to the node " + client.address() +
                        ": never submitted here, or dropped before it was ordered");
    return pending ? ExitCode::kOk : ExitCode::kNotFound;
  }
  const v1::ActionResult& result = answer.result();
  const Result<Receipt> receipt = decode<Receipt>(as_bytes(result.receipt()));
  if (!receipt) return stop(ExitCode::kFailed, "the node sent a receipt that does not decode");
  EventDecoder decoder(client);
  const render::Interface* interface = decoder.interface(receipt->contract);
  std::string text = stage_name(answer.stage()) + ": " + outcome_text(*receipt, interface) +
                     "\nheight " + std::to_string(result.height()) + ", action " +
                     std::to_string(result.action()) + ", " +
                     render::format_time(static_cast<std::int64_t>(result.time_ms())) + ", gas " +
                     std::to_string(receipt->gas_used) + "\n";
  json["height"] = result.height();
  json["action"] = result.action();
  json["time_ms"] = result.time_ms();
  json["outcome"] = outcome_json(*receipt, interface);
  if (whole) {
    const std::vector<ShownEvent> events =
        decoder.of_action(Height(result.height()), result.action());
    text += event_lines(events) + "result bytes " + std::to_string(receipt->result.size()) +
            "\nreceipt leaf " + to_hex(receipt_leaf(*receipt)) + "\n";
    json["events"] = event_list(events);
    json["receipt"] = to_hex(as_bytes(result.receipt()));
  }
  print(context, json, text);
  return exit_of(*receipt);
}

Outcome<ExitCode> status(const Context& context, const TxFlags& flags, bool whole) {
  CLI_ASSIGN(const v1::GetStatusRequest request, request_of(flags));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const v1::GetStatusResponse answer,
             client.call(&v1::TransactionService::Stub::GetStatus, request));
  return say(context, client, answer, flags.id, whole);
}

Outcome<ExitCode> wait(const Context& context, const TxFlags& flags) {
  CLI_ASSIGN(const v1::GetStatusRequest request, request_of(flags));
  CLI_ASSIGN(const Client client, connect(context));
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(client.timeout_ms());
  for (;;) {
    CLI_ASSIGN(const v1::GetStatusResponse answer,
               client.call(&v1::TransactionService::Stub::GetStatus, request));
    if (answer.stage() == v1::GetStatusResponse::STAGE_CERTIFIED)
      return say(context, client, answer, flags.id, false);
    if (std::chrono::steady_clock::now() >= end)
      return stop(ExitCode::kUnavailable, "not certified in time; it is " +
                                              stage_name(answer.stage()) +
                                              "\nask why: usance node why-stalled");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace

void add_tx_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "tx", "What became of a transaction");
  const auto flags = std::make_shared<TxFlags>();
  const auto verb = [&](const char* name, const char* help,
                        std::function<Outcome<ExitCode>()> run) {
    add_verb(*noun, context, name, help, std::move(run))
        ->add_option("ID", flags->id, "Its id: 64 hexadecimal digits")
        ->required();
  };
  verb("status", "Pending, executed or certified, and its outcome",
       [&context, flags] { return status(context, *flags, false); });
  verb("wait", "Wait until its outcome is certified",
       [&context, flags] { return wait(context, *flags); });
  verb("show", "Outcome, events and receipt",
       [&context, flags] { return status(context, *flags, true); });
}

}  // namespace usance::cli
