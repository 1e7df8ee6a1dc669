#include "tools/render/evidence_report.h"

#include <map>

#include "base/hash.h"
#include "contracts/system/interfaces.h"
#include "tools/render/calendar.h"
#include "tools/render/interface.h"
#include "tools/render/text.h"

namespace usance::render {

using Json = nlohmann::ordered_json;

namespace {

std::string when(TimeMs time) {
  return format_time(static_cast<std::int64_t>(time.value));
}

std::string name_of(ByteView bytes) {
  return show_name(bytes);
}

// Both forms of one report are made in one walk over the evidence, so that they cannot differ.
class Report {
 public:
  Report(const VerifiedEvidence& verified, const Genesis& genesis)
      : verified_(verified), evidence_(verified.evidence), genesis_(genesis) {
    add("governance", interfaces::governance());
    add("contracts", interfaces::registry());
    for (const InterfaceProof& proof : evidence_.interfaces) {
      const Result<Bytes> set = interface_of_module(proof.code);
      if (set) add(proof.contract, *set);
    }
  }

  void make() {
    headline();
    basis();
    for (const ItemProof& item : evidence_.items) state_item(item);
    for (const ObjectProof& object : evidence_.objects) history(object);
    if (evidence_.objects.empty())
      for (const ActionProof& proof : evidence_.actions) action(proof, json_["actions"]);
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Json& json() const { return json_; }

 private:
  void add(const std::string& contract, ByteView descriptor_set) {
    if (Result<Interface> parsed = Interface::parse(contract, descriptor_set))
      interfaces_.emplace(contract, *std::move(parsed));
  }
  const Interface* interface(const std::string& contract) const {
    const auto found = interfaces_.find(contract);
    return found == interfaces_.end() ? nullptr : &found->second;
  }

  // "maker of harbour-bank": the genesis names its users; others go by their key.
  std::string actor(const Transaction& tx) const {
    for (const GenesisOrganisation& org : genesis_.organisations)
      if (org.id == tx.org)
        for (const GenesisUser& user : org.users)
          if (user.key == tx.user_key) return user.name + " of " + tx.org.value;
    return "key " + to_hex(tx.user_key).substr(0, 16) + "... of " + tx.org.value;
  }

  void headline() {
    json_["verified"] = true;
    json_["network"] = genesis_.network;
    json_["chain_id"] = to_hex(genesis_.chain_id);
    std::string what;
    switch (evidence_.subject) {
      case EvidenceSubject::kTransaction: what = "a transaction, its receipt and its events"; break;
      case EvidenceSubject::kEvent: what = "an event and the action that emitted it"; break;
      case EvidenceSubject::kItem: what = "an item of the state"; break;
      case EvidenceSubject::kObject: what = "an object's complete history"; break;
    }
    json_["subject"] = what;
    json_["as_of_height"] = verified_.as_of_height.value;
    json_["as_of_time_ms"] = verified_.as_of_time.value;
    json_["as_of_time"] = when(verified_.as_of_time);
    text_ += "VERIFIED: " + what + " on the network " + genesis_.network + "\n";
    text_ += "as of height " + std::to_string(verified_.as_of_height.value) + ", " +
             when(verified_.as_of_time) + "\n";
  }

  // Not a detail: here the members' signatures stand for those of the validators.
  void recoveries() {
    if (verified_.recoveries.empty()) return;
    Json list = Json::array();
    for (const EvidenceRecovery& recovery : verified_.recoveries) {
      std::string names;
      Json signers = Json::array();
      for (const OrgId& org : recovery.signers.signed_by) {
        names += (names.empty() ? "" : ", ") + org.value;
        signers.push_back(org.value);
      }
      text_ += "NOTE: RECOVERED NETWORK. Behind height " + std::to_string(recovery.last.value) +
               " no quorum of validators was left. Epoch " + std::to_string(recovery.epoch.value) +
               " and its validators are named by the recovery keys of " + names + ": " +
               std::to_string(recovery.signers.signed_by.size()) + " of " +
               std::to_string(recovery.signers.members.size()) + " members, " +
               std::to_string(recovery.signers.needed) + " were needed\n" +
               "      reason given: " + name_of(as_bytes(recovery.reason)) + "\n";
      list.push_back({{"last_height", recovery.last.value},
                      {"epoch", recovery.epoch.value},
                      {"signed_by", signers},
                      {"members", recovery.signers.members.size()},
                      {"needed", recovery.signers.needed},
                      {"reason", name_of(as_bytes(recovery.reason))}});
    }
    json_["recoveries"] = list;
  }

  void basis() {
    recoveries();
    if (!verified_.tip_height) {
      json_["basis"] = "anchor";
      text_ += "proven by the anchor given; no signatures were needed\n\n";
      return;
    }
    Json signers = Json::array();
    std::string names;
    for (const Validator& validator : verified_.tip_signers) {
      std::string name = "validator " + std::to_string(validator.id);
      for (const GenesisNode& node : genesis_.nodes)
        if (node.id == validator.id && node.consensus_key == validator.key) name = node.name;
      names += (names.empty() ? "" : ", ") + name + " (" + validator.org.value + ")";
      signers.push_back({{"node", name}, {"organisation", validator.org.value}});
    }
    json_["basis"] = evidence_.basis == EvidenceBasis::kGenesis ? "genesis" : "anchored set";
    json_["signed_height"] = verified_.tip_height->value;
    json_["signers"] = signers;
    json_["quorum"] = verified_.tip_quorum;
    text_ += "height " + std::to_string(verified_.tip_height->value) + " is signed by " + names +
             ": a quorum of " + std::to_string(verified_.tip_quorum) + "\n";
    if (!evidence_.hand_overs.empty()) {
      json_["hand_overs"] = evidence_.hand_overs.size();
      text_ += "the validators changed " + std::to_string(evidence_.hand_overs.size()) +
               " times since, each time certified by those before\n";
    }
    text_ += "\n";
  }

  // An item's value as the record that the interface declares for it.
  std::pair<std::string, Json> value(const std::string& contract, ByteView item,
                                     ByteView bytes) const {
    if (const Interface* known = interface(contract))
      if (const Descriptor* type = known->record_of_item(item))
        if (const auto record = known->decode(*type, bytes))
          return {type->name() + " " + to_line(**record, 1'000),
                  Json{{"record", type->name()}, {"value", to_json(**record)}}};
    return {show_bytes(bytes), Json{{"bytes", to_hex(bytes)}}};
  }

  void state_item(const ItemProof& item) {
    const std::string name =
        item.key.contract + " / " + name_of(item.key.scope) + " / " + name_of(item.key.item);
    Json json{{"contract", item.key.contract},
              {"scope", name_of(item.key.scope)},
              {"item", name_of(item.key.item)},
              {"present", item.proof.has_value}};
    if (item.proof.has_value) {
      const auto [text, decoded] = value(item.key.contract, item.key.item, item.proof.value);
      json.update(decoded);
      text_ += name + "\n  " + text + "\n";
    } else {
      text_ += name + "\n  does not exist\n";
    }
    json_["item"] = std::move(json);
  }

  void history(const ObjectProof& object) {
    const auto& changes = object.history.changes;
    json_["object"] = Json{{"contract", object.contract},
                           {"scope", name_of(object.scope)},
                           {"changes", changes.size()},
                           {"complete", true}};
    text_ += object.contract + " / " + name_of(object.scope) + ": " +
             std::to_string(changes.size()) + " changes, and no others\n";
    // Changes stand under the action that made them, in order.
    Json list = Json::array();
    std::size_t next = 0;
    const auto changes_until = [&](Height height, std::uint64_t action, Json& out) {
      for (; next < changes.size() && changes[next].height == height &&
             changes[next].action == action;
           ++next)
        change(object.contract, changes[next], out);
    };
    while (next < changes.size() && changes[next].height == Height{0}) {
      Json out{{"height", 0}};
      text_ += "\nin the genesis\n";
      changes_until(Height{0}, changes[next].action, out["changes"]);
      list.push_back(std::move(out));
    }
    for (const ActionProof& proof : evidence_.actions) {
      Json entries = Json::array();
      action(proof, entries);
      Json& entry = entries.back();
      changes_until(proof.height, proof.index(), entry["changes"]);
      list.push_back(std::move(entry));
    }
    json_["actions"] = std::move(list);
  }

  void change(const std::string& contract, const ScopeChange& one, Json& out) {
    Json json{{"item", name_of(one.item)}};
    text_ += "    " + name_of(one.item) + ": ";
    switch (one.kind) {
      case ScopeChange::Kind::kDeleted:
        json["deleted"] = true;
        text_ += "deleted\n";
        break;
      case ScopeChange::Kind::kErased:
        json["erased"] = to_hex(one.value_hash);
        text_ += "a value since erased, hash " + to_hex(one.value_hash) + "\n";
        break;
      case ScopeChange::Kind::kPut: {
        const auto [text, decoded] = value(contract, one.item, one.value);
        json.update(decoded);
        text_ += text + "\n";
        break;
      }
    }
    if (out.is_null()) out = Json::array();
    out.push_back(std::move(json));
  }

  std::string error_text(const Receipt& receipt) const {
    std::string text(to_string(receipt.status));
    if (receipt.status == ReceiptStatus::kContractError) {
      const Interface* known = interface(receipt.contract);
      const std::string name = known == nullptr ? "" : known->error_title(receipt.code);
      text = "refused: " +
             (name.empty() ? receipt.contract + ".error " + std::to_string(receipt.code) : name);
    } else if (receipt.status == ReceiptStatus::kTrap) {
      text = "trap " + std::string(to_string(static_cast<TrapCode>(receipt.code)));
    }
    return text + (receipt.detail.empty() ? "" : ": " + receipt.detail);
  }

  void action(const ActionProof& proof, Json& out) {
    const TimeMs time = verified_.time(proof.height);
    const bool ok = proof.receipt.status == ReceiptStatus::kOk;
    Json json{{"height", proof.height.value},
              {"action", proof.index()},
              {"time_ms", time.value},
              {"time", when(time)},
              {"tx_id", to_hex(proof.receipt.tx)},
              {"status", to_string(proof.receipt.status)}};
    text_ += "\n" + when(time) + "  height " + std::to_string(proof.height.value) + "." +
             std::to_string(proof.index()) + "\n  ";
    if (proof.transaction) {
      const Transaction& tx = proof.transaction->transaction;
      json["organisation"] = tx.org.value;
      json["actor"] = actor(tx);
      json["key"] = to_hex(tx.user_key);
      json["contract"] = tx.contract;
      json["method"] = tx.method;
      text_ += actor(tx) + " called " + tx.contract + "." + tx.method;
      text_ += " " + arguments(tx, json);
    } else {
      json["timer"] = true;
      json["contract"] = proof.receipt.contract;
      text_ += proof.receipt.contract == "governance"
                   ? "the members recovered the network, with no transaction"
                   : "a ledger timer of " + proof.receipt.contract + " ran, with no transaction";
    }
    text_ += "\n  -> " + (ok ? std::string("ok") : error_text(proof.receipt)) + "  (id " +
             to_hex(proof.receipt.tx) + ")\n";
    if (!ok) json["error"] = error_text(proof.receipt);
    events(proof, json);
    if (out.is_null()) out = Json::array();
    out.push_back(std::move(json));
  }

  std::string arguments(const Transaction& tx, Json& json) const {
    if (const Interface* known = interface(tx.contract))
      if (const auto method = known->method(tx.method))
        if (const auto request = known->decode(*(*method)->input_type(), tx.arguments)) {
          json["arguments"] = to_json(**request);
          return to_line(**request, 1'000);
        }
    json["argument_bytes"] = to_hex(tx.arguments);
    return show_bytes(tx.arguments);
  }

  void events(const ActionProof& proof, Json& out) {
    for (const EventProof& one : evidence_.events) {
      if (one.height != proof.height || one.event.action != proof.index()) continue;
      Json json{{"contract", one.event.contract}, {"name", one.event.name}};
      std::string text = one.event.contract + "." + one.event.name + " ";
      const Interface* known = interface(one.event.contract);
      const Descriptor* type = known == nullptr ? nullptr : known->message(one.event.name);
      bool decoded = false;
      if (type != nullptr)
        if (const auto message = known->decode(*type, one.event.data)) {
          json["data"] = to_json(**message);
          text += to_line(**message, 1'000);
          decoded = true;
        }
      if (!decoded) {
        json["bytes"] = to_hex(one.event.data);
        text += show_bytes(one.event.data);
      }
      text_ += "    event " + text + "\n";
      out["events"].push_back(std::move(json));
    }
  }

  const VerifiedEvidence& verified_;
  const Evidence& evidence_;
  const Genesis& genesis_;
  std::map<std::string, Interface> interfaces_;
  std::string text_;
  Json json_ = Json::object();
};

}  // namespace

std::string evidence_text(const VerifiedEvidence& verified, const Genesis& genesis) {
  Report report(verified, genesis);
  report.make();
  return report.text();
}

Json evidence_json(const VerifiedEvidence& verified, const Genesis& genesis) {
  Report report(verified, genesis);
  report.make();
  return report.json();
}

}  // namespace usance::render
