#include "tools/usance/contract_upgrade.h"

#include <algorithm>

#include "tools/render/text.h"
#include "tools/usance/rehearsal.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

std::string change_lines(const std::vector<render::InterfaceChange>& changes) {
  std::string out;
  for (const render::InterfaceChange& change : changes)
    out += std::string(change.breaks ? "  breaks: " : "  ") + change.text + "\n";
  return out;
}

std::string value_line(const render::Interface& interface, const Bytes& item,
                       const std::optional<Bytes>& value) {
  if (!value) return "nothing";
  if (const render::Descriptor* type = interface.record_of_item(item))
    if (const auto record = interface.decode(*type, *value))
      return render::to_line(**record, render::kLineBytes);
  return render::show_bytes(*value);
}

// What the migration does to the contract's own state, and how many changes it makes elsewhere.
void add_changes(const Upgrade& upgrade, const RemoteState& state, const Simulation& simulation,
                 Json& json, std::string& text) {
  Json list = Json::array();
  for (const StateChange& change : simulation.changes) {
    if (change.key.contract != upgrade.name) continue;
    const std::string before = value_line(upgrade.before, change.key.item, state.get(change.key));
    const std::string after = value_line(upgrade.module.interface, change.key.item, change.value);
    list.push_back({{"scope", render::show_name(change.key.scope)},
                    {"item", render::show_name(change.key.item)},
                    {"before", before},
                    {"after", after}});
    text += "  " + render::show_name(change.key.scope) + " " + render::show_name(change.key.item) +
            "\n    was " + before + "\n    is  " + after + "\n";
  }
  text = "changes of its state: " + std::to_string(list.size()) + "\n" + text;
  json["changes"] = list;
}

}  // namespace

Outcome<void> accept_changes(const std::vector<render::InterfaceChange>& changes,
                             bool allow_breaking) {
  const bool breaks = std::any_of(changes.begin(), changes.end(),
                                  [](const render::InterfaceChange& one) { return one.breaks; });
  if (breaks && !allow_breaking)
    return stop(ExitCode::kUsage,
                "the new interface breaks what was written for the present one; nothing was "
                "proposed\n" +
                    change_lines(changes) + "if nobody needs that any more: --allow-breaking");
  if (!changes.empty()) note("the interface changes\n" + change_lines(changes));
  return {};
}

Outcome<ExitCode> show_rehearsal(const Context& context, const Client& client,
                                 const Upgrade& upgrade, std::uint64_t height) {
  Height at(height);
  if (height == 0) {
    CLI_ASSIGN(at, certified_height(client));
  }
  const CallPlan plan{.contract = "contracts",
                      .method = "Upgrade",
                      .arguments = upgrade_arguments(upgrade.name, upgrade.module.code)};
  CLI_ASSIGN(const Transaction tx, prepare(client, plan));
  RemoteState state(client, at);
  try {
    CLI_ASSIGN(const SimulationPoint point, point_after(client, at));
    CLI_ASSIGN(const Simulation simulation,
               rehearse_upgrade(client, state, point, upgrade.name, tx));
    CLI_ASSIGN(const render::Interface registry, fetch_interface(client, "contracts"));
    Json json{{"rehearsed", true}, {"contract", upgrade.name}, {"height", at.value}};
    std::string text;
    add_changes(upgrade, state, simulation, json, text);
    Json interface = Json::array();
    for (const render::InterfaceChange& change : upgrade.changes)
      interface.push_back({{"breaks", change.breaks}, {"change", change.text}});
    json["interface"] = interface;
    json["outcome"] = outcome_json(simulation.receipt, &registry);
    std::string head = "not submitted; " + upgrade.name + " upgraded on the state of height " +
                       std::to_string(at.value) + ": " +
                       outcome_text(simulation.receipt, &registry) + "\n";
    if (upgrade.changes.empty())
      head += "the interface is the same\n";
    else
      head += "changes of its interface\n" + change_lines(upgrade.changes);
    EventDecoder decoder(client);
    std::vector<ShownEvent> events;
    for (const Event& event : simulation.events)
      if (event.contract == upgrade.name) events.push_back(decoder.show(event));
    json["events"] = event_list(events);
    print(context, json,
          head + text + event_lines(events) + "gas " + std::to_string(simulation.receipt.gas_used));
    return exit_of(simulation.receipt);
  } catch (const StateUnavailable& unavailable) {
    return tl::unexpected<Failure>(unavailable.failure);
  }
}

}  // namespace usance::cli
