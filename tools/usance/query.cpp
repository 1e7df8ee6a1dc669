// usance query: reading the ledger, at the latest certified height or an earlier one.
#include <iostream>

#include "base/hash.h"
#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/arguments.h"
#include "tools/usance/call_words.h"
#include "tools/usance/report.h"
#include "tools/usance/scope_text.h"
#include "tools/usance/view.h"
#include "usance/v1/query.grpc.pb.h"

namespace usance::cli {

namespace {

struct QueryFlags {
  std::string contract, scope, item;
  std::uint64_t height = 0;
  std::uint32_t limit = 100;
  std::string prefix;
};

std::string as_of(const v1::ReadPoint& at) {
  return "as of height " + std::to_string(at.height()) + ", " +
         render::format_time(static_cast<std::int64_t>(at.time_ms())) + "\n";
}

Json as_of_json(const v1::ReadPoint& at) {
  return Json{{"height", at.height()},
              {"time_ms", at.time_ms()},
              {"state_root", to_hex(as_bytes(at.state_root()))}};
}

Outcome<ExitCode> view(Context& context, const CLI::App& verb) {
  CLI_ASSIGN(const CallWords call, split_call_words(context, verb.remaining(), kViewFlags));
  if (call.contract.empty()) {
    std::cout << verb.help();
    return ExitCode::kOk;
  }
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const render::Interface interface, fetch_interface(client, call.contract));
  if (call.method.empty()) {
    std::cout << interface_help(interface);
    return call.help ? ExitCode::kOk : ExitCode::kUsage;
  }
  CLI_ASSIGN(const google::protobuf::MethodDescriptor* method, method_of(interface, call.method));
  if (call.help) {
    std::cout << method_help(interface, *method);
    return ExitCode::kOk;
  }
  if (!render::options_of(*method).view())
    return stop(ExitCode::kUsage, method->name() + " changes the ledger: usance call " +
                                      call.contract + " " + method->name() + " ...");
  CLI_ASSIGN(const auto request,
             build_request(interface, *method, call.flags, render::read_named_file));
  CLI_ASSIGN(const v1::CallViewResponse answer,
             call_view(client, call.contract, method->name(), render::encode_message(*request),
                       call.height));
  CLI_ASSIGN(const auto result,
             interface.decode(*method->output_type(), as_bytes(answer.result())));
  Json json = as_of_json(answer.at());
  json["result"] = render::to_json(*result);
  print(context, json, render::to_text(*result) + as_of(answer.at()));
  return ExitCode::kOk;
}

// One item's value, decoded as the record that the interface declares for it.
Json value_json(const render::Interface* interface, ByteView item, ByteView value) {
  if (interface != nullptr)
    if (const render::Descriptor* type = interface->record_of_item(item))
      if (const auto record = interface->decode(*type, value))
        return Json{{"record", type->name()}, {"value", render::to_json(**record)}};
  return Json{{"bytes", to_hex(value)}};
}

std::string value_text(const render::Interface* interface, ByteView item, ByteView value) {
  if (interface != nullptr)
    if (const render::Descriptor* type = interface->record_of_item(item))
      if (const auto record = interface->decode(*type, value))
        return type->name() + " " + render::to_line(**record, 2'000);
  return render::show_bytes(value);
}

// Null where the contract's records cannot be decoded; a contract that does not exist is an error.
Outcome<std::shared_ptr<const render::Interface>> interface_of(const Client& client,
                                                               const std::string& contract) {
  Outcome<render::Interface> fetched = fetch_interface(client, contract);
  if (fetched) return std::make_shared<const render::Interface>(*std::move(fetched));
  if (fetched.error().exit == ExitCode::kNotFound)
    return tl::unexpected<Failure>(std::move(fetched).error());
  return nullptr;
}

Outcome<ExitCode> state(const Context& context, const QueryFlags& flags) {
  CLI_ASSIGN(const Bytes scope, parse_scope(flags.scope));
  CLI_ASSIGN(const Bytes item, parse_scope(flags.item));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const auto known, interface_of(client, flags.contract));
  const render::Interface* interface = known.get();
  if (!flags.item.empty()) {
    v1::GetStateRequest request;
    request.set_contract(flags.contract);
    request.set_scope(proto::to_string(scope));
    request.set_item(proto::to_string(item));
    request.set_height(flags.height);
    CLI_ASSIGN(const v1::GetStateResponse answer,
               client.call(&v1::QueryService::Stub::GetState, request));
    Json json = as_of_json(answer.at());
    json["present"] = answer.present();
    if (answer.present()) json.update(value_json(interface, item, as_bytes(answer.value())));
    print(context, json,
          (answer.present() ? value_text(interface, item, as_bytes(answer.value()))
                            : std::string("there is no such item")) +
              "\n" + as_of(answer.at()));
    return answer.present() ? ExitCode::kOk : ExitCode::kNotFound;
  }
  v1::ListKeysRequest request;
  request.set_contract(flags.contract);
  request.set_scope(proto::to_string(scope));
  request.set_height(flags.height);
  request.set_page_size(1'000);
  Json items = Json::array();
  std::string text;
  v1::ListKeysResponse answer;
  do {
    CLI_ASSIGN(answer, client.call(&v1::QueryService::Stub::ListKeys, request));
    for (const v1::StateItem& one : answer.items()) {
      const ByteView name = as_bytes(one.item());
      Json entry{{"item", show_scope(name)}};
      entry.update(value_json(interface, name, as_bytes(one.value())));
      items.push_back(std::move(entry));
      text += show_scope(name) + ": " + value_text(interface, name, as_bytes(one.value())) + "\n";
    }
    request.set_page_token(answer.next_page_token());
    request.set_height(answer.at().height());
  } while (!answer.next_page_token().empty());
  Json json = as_of_json(answer.at());
  json["items"] = items;
  print(context, json,
        (items.empty() ? "the object has no items; the contract's objects: usance query objects " +
                             flags.contract + "\n"
                       : text) +
            as_of(answer.at()));
  return items.empty() ? ExitCode::kNotFound : ExitCode::kOk;
}

Outcome<ExitCode> history(const Context& context, const QueryFlags& flags) {
  CLI_ASSIGN(const Bytes scope, parse_scope(flags.scope));
  CLI_ASSIGN(const Client client, connect(context));
  CLI_ASSIGN(const auto known, interface_of(client, flags.contract));
  const render::Interface* interface = known.get();
  v1::GetHistoryRequest request;
  request.set_contract(flags.contract);
  request.set_scope(proto::to_string(scope));
  request.set_height(flags.height);
  request.set_page_size(1'000);
  Json entries = Json::array();
  std::string text;
  v1::GetHistoryResponse answer;
  do {
    CLI_ASSIGN(answer, client.call(&v1::QueryService::Stub::GetHistory, request));
    for (const v1::HistoryEntry& one : answer.entries()) {
      const ByteView item = as_bytes(one.item());
      Json entry{{"height", one.height()},   {"action", one.action()},
                 {"time_ms", one.time_ms()}, {"tx_id", to_hex(as_bytes(one.tx_id()))},
                 {"item", show_scope(item)}, {"deleted", one.deleted()}};
      if (!one.deleted()) entry.update(value_json(interface, item, as_bytes(one.value())));
      entries.push_back(std::move(entry));
      text += std::to_string(one.height()) + "." + std::to_string(one.action()) + "  " +
              render::format_time(static_cast<std::int64_t>(one.time_ms())) + "  " +
              show_scope(item) + "  " +
              (one.deleted() ? std::string("deleted")
                             : value_text(interface, item, as_bytes(one.value()))) +
              "\n";
    }
    request.set_page_token(answer.next_page_token());
    request.set_height(answer.at().height());
  } while (!answer.next_page_token().empty());
  Json json = as_of_json(answer.at());
  json["entries"] = entries;
  print(context, json,
        (entries.empty() ? "nothing of that name was ever written; the contract's objects: usance "
                           "query objects " +
                               flags.contract + "\n"
                         : text) +
            as_of(answer.at()));
  return entries.empty() ? ExitCode::kNotFound : ExitCode::kOk;
}

Outcome<ExitCode> objects(const Context& context, const QueryFlags& flags) {
  CLI_ASSIGN(const Client client, connect(context));
  v1::ListScopesRequest request;
  request.set_contract(flags.contract);
  request.set_prefix(flags.prefix);
  request.set_page_size(flags.limit);
  CLI_ASSIGN(const v1::ListScopesResponse answer,
             client.call(&v1::QueryService::Stub::ListScopes, request));
  if (answer.scopes().empty()) CLI_TRY(interface_of(client, flags.contract));
  Json scopes = Json::array();
  std::string text;
  for (const std::string& scope : answer.scopes()) {
    scopes.push_back(show_scope(as_bytes(scope)));
    text += show_scope(as_bytes(scope)) + "\n";
  }
  Json json = as_of_json(answer.at());
  json["scopes"] = scopes;
  json["more"] = !answer.next_page_token().empty();
  if (!answer.next_page_token().empty()) text += "... and more: --limit, --prefix\n";
  print(context, json, text + as_of(answer.at()));
  return ExitCode::kOk;
}

}  // namespace

void add_view_verb(CLI::App& noun, Context& context, const std::string& name) {
  CLI::App* views = noun.add_subcommand(
      name, "Ask a contract: usance query view CONTRACT METHOD --flag VALUE ... [--height H]");
  views->fallthrough(false);  // the words are not for the noun
  views->prefix_command();
  views->set_help_flag();  // --help after CONTRACT and METHOD is about them
  views->footer(
      "The flags of a view come from the contract's interface on the ledger:\n"
      "  usance query view deposit                      its views\n"
      "  usance query view deposit GetAccount --help    a view's flags\n"
      "  usance query view deposit GetAccount --account harbour-bank/roaster/USD\n"
      "--height H asks as of an earlier height, from 1 on. Global flags may follow.");
  views->callback(
      [&context, views] { context.action = [&context, views] { return view(context, *views); }; });
}

void add_query_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "query", "Read the ledger, now or as of an earlier height");
  add_view_verb(*noun, context, "view");
  const auto flags = std::make_shared<QueryFlags>();
  const auto object = [&](const char* verb, const char* help,
                          Outcome<ExitCode> (*run)(const Context&, const QueryFlags&)) {
    CLI::App* command = add_verb(*noun, context, verb, help,
                                 [&context, flags, run] { return run(context, *flags); });
    command->add_option("CONTRACT", flags->contract, "The contract")->required();
    command->add_option("SCOPE", flags->scope, "The business object; 0x... for bytes")->required();
    add_height_flag(*command, flags->height, "As of this height; default the latest");
    return command;
  };
  object("state", "An object's items as they are stored, or one item", state)
      ->add_option("ITEM", flags->item, "Only this item");
  object("history", "All changes of an object, oldest first", history);
  CLI::App* list = add_verb(*noun, context, "objects", "The business objects of a contract",
                            [&context, flags] { return objects(context, *flags); });
  list->add_option("CONTRACT", flags->contract, "The contract")->required();
  list->add_option("--prefix", flags->prefix, "Only those whose name begins like this");
  list->add_option("--limit", flags->limit, "At most so many")->capture_default_str();
}

}  // namespace usance::cli
