#include "tools/usance/events.h"

#include <iostream>

#include "base/hash.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "usance/v1/event.grpc.pb.h"

namespace usance::cli {

const render::Interface* EventDecoder::interface(const std::string& contract) {
  auto found = known_.find(contract);
  if (found == known_.end()) {
    Outcome<render::Interface> fetched = fetch_interface(client_, contract);
    found = known_
                .emplace(contract, fetched ? std::optional<render::Interface>(*std::move(fetched))
                                           : std::nullopt)
                .first;
  }
  return found->second ? &*found->second : nullptr;
}

ShownEvent EventDecoder::show(const Event& event) {
  ShownEvent out;
  out.json = Json{{"contract", event.contract},
                  {"name", event.name},
                  {"key", render::show_bytes(event.key, 512)}};
  out.text = event.contract + "." + event.name + " ";
  if (const render::Interface* known = interface(event.contract)) {
    if (const render::Descriptor* type = known->message(event.name)) {
      if (const auto message = known->decode(*type, event.data)) {
        out.json["data"] = render::to_json(**message);
        out.text += render::to_line(**message);
        return out;
      }
    }
  }
  out.json["bytes"] = to_hex(ByteView(event.data));
  out.text += render::show_bytes(event.data);
  return out;
}

std::vector<ShownEvent> EventDecoder::of_action(Height height, std::uint32_t action) {
  v1::StreamEventsRequest request;
  if (action > 0) {
    request.mutable_after()->set_height(height.value);
    request.mutable_after()->set_action(action - 1);
    request.mutable_after()->set_index(UINT32_MAX);
  } else {
    request.mutable_after()->set_height(height.value - 1);
    request.mutable_after()->set_action(UINT32_MAX);
    request.mutable_after()->set_index(UINT32_MAX);
  }
  request.set_until_now(true);
  grpc::ClientContext context;
  client_.set_deadline(context);
  v1::EventService::Stub stub(client_.channel());
  const auto stream = stub.StreamEvents(&context, request);
  std::vector<ShownEvent> out;
  v1::StreamEventsResponse response;
  bool past = false;
  while (!past && stream->Read(&response)) {
    for (const v1::EventRecord& record : response.events()) {
      past = record.cursor().height() != height.value || record.cursor().action() != action;
      if (past) break;
      if (const Result<Event> event = decode<Event>(as_bytes(record.event())))
        out.push_back(show(*event));
    }
    past = past || response.complete_to_height() >= height.value;
  }
  context.TryCancel();
  return out;
}

namespace {

struct EventFlags {
  std::string contract, name, key, after;
  bool follow = false;
};

Outcome<ExitCode> stream_events(const Context& context, const EventFlags& flags) {
  CLI_ASSIGN(Profile profile, context.load());
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  v1::StreamEventsRequest request;
  if (!flags.after.empty()) {
    unsigned long long height = 0;
    unsigned action = UINT32_MAX;
    unsigned index = UINT32_MAX;
    if (std::sscanf(flags.after.c_str(), "%llu.%u.%u", &height, &action, &index) < 1)
      return stop(ExitCode::kUsage, "--after takes HEIGHT or HEIGHT.ACTION.INDEX");
    request.mutable_after()->set_height(height);
    request.mutable_after()->set_action(action);
    request.mutable_after()->set_index(index);
  }
  request.set_contract(flags.contract);
  request.set_name(flags.name);
  request.set_key(flags.key);
  request.set_until_now(!flags.follow);
  CLI_ASSIGN(const Client client, Client::connect(std::move(profile), timeout));
  grpc::ClientContext call;
  if (!flags.follow) client.set_deadline(call);
  v1::EventService::Stub stub(client.channel());
  const auto stream = stub.StreamEvents(&call, request);
  EventDecoder decoder(client);
  v1::StreamEventsResponse response;
  while (stream->Read(&response)) {
    for (const v1::EventRecord& record : response.events()) {
      const Result<Event> event = decode<Event>(as_bytes(record.event()));
      if (!event) return stop(ExitCode::kFailed, "the node sent an event that does not decode");
      const ShownEvent shown = decoder.show(*event);
      const std::string cursor = std::to_string(record.cursor().height()) + "." +
                                 std::to_string(record.cursor().action()) + "." +
                                 std::to_string(record.cursor().index());
      if (context.json()) {
        Json line{{"cursor", cursor},
                  {"time_ms", record.time_ms()},
                  {"tx_id", to_hex(as_bytes(record.tx_id()))}};
        line.update(shown.json);
        std::cout << line.dump() << "\n";
      } else {
        std::cout << cursor << "  "
                  << render::format_time(static_cast<std::int64_t>(record.time_ms())) << "  "
                  << shown.text << "\n";
      }
      std::cout.flush();
    }
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return tl::unexpected<Failure>(rpc_failure(status, client.address()));
  return ExitCode::kOk;
}

}  // namespace

void add_events_commands(CLI::App& app, Context& context) {
  const auto flags = std::make_shared<EventFlags>();
  CLI::App* events = add_verb(app, context, "events",
                              "Contracts' events in order, one a line (JSON: one document a line)",
                              [&context, flags] { return stream_events(context, *flags); });
  events->add_option("--contract", flags->contract, "Only of this contract");
  events->add_option("--name", flags->name, "Only with this name");
  events->add_option("--key", flags->key, "Only with this key, usually the business object");
  events->add_option(
      "--after", flags->after,
      "Begin after this cursor (first column of the output); default: the beginning");
  events->add_flag("--follow", flags->follow, "Keep on printing new ones");
}

}  // namespace usance::cli
