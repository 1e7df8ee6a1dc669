#include "base/genesis.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "base/hash.h"
#include "base/membership.h"
#include "base/signature.h"
#include "base/transaction.h"

namespace usance {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view kFormat = "usance-genesis/1";
constexpr std::size_t kMaxGenesisBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxMembers = 1'000;

// Thrown and caught in this file only: nlohmann's own errors are exceptions too, and both become
// one Error at the border.
struct Refusal {
  std::string what;
};

// Reads one JSON object; every field must be asked for, so that a typo cannot pass unnoticed.
class ObjectReader {
 public:
  ObjectReader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) throw Refusal{where_ + " must be an object"};
  }
  const Json& at(const char* name) {
    seen_.insert(name);
    const auto found = json_.find(name);
    if (found == json_.end()) throw Refusal{where_ + "." + name + " is missing"};
    return *found;
  }
  std::string text(const char* name, std::size_t limit = 256) {
    const Json& value = at(name);
    if (!value.is_string() || value.get_ref<const std::string&>().size() > limit)
      throw Refusal{where_ + "." + name + " must be a text of at most " + std::to_string(limit) +
                    " bytes"};
    return value.get<std::string>();
  }
  std::string name(const char* field) {
    std::string value = text(field);
    if (!is_wellformed_name(value))
      throw Refusal{where_ + "." + field + ": 1 to 64 of a-z, 0-9, '_', '-' and '.'"};
    return value;
  }
  std::uint64_t number(const char* name) {
    const Json& value = at(name);
    if (!value.is_number_unsigned())
      throw Refusal{where_ + "." + name + " must be a whole number, zero or more"};
    return value.get<std::uint64_t>();
  }
  std::uint32_t small(const char* name) {
    const std::uint64_t value = number(name);
    if (value > UINT32_MAX) throw Refusal{where_ + "." + name + " is too large"};
    return static_cast<std::uint32_t>(value);
  }
  bool flag(const char* name) {
    const Json& value = at(name);
    if (!value.is_boolean()) throw Refusal{where_ + "." + name + " must be true or false"};
    return value.get<bool>();
  }
  Hash32 hash(const char* name) {
    Hash32 out;
    if (!fixed_from_hex(text(name), out))
      throw Refusal{where_ + "." + name + " must be 64 hexadecimal digits"};
    return out;
  }
  PublicKey key(const char* name) {
    PublicKey out;
    if (!fixed_from_hex(text(name), out) || !is_acceptable_key(out))
      throw Refusal{where_ + "." + name + " must be an Ed25519 public key in hexadecimal"};
    return out;
  }
  std::vector<std::string> words(const char* name) {
    std::vector<std::string> out;
    for (const Json& value : list(name)) {
      if (!value.is_string() || !is_wellformed_name(value.get_ref<const std::string&>()))
        throw Refusal{where_ + "." + name + " must be a list of lower-case words"};
      out.push_back(value.get<std::string>());
    }
    return out;
  }
  const Json& list(const char* name) {
    const Json& value = at(name);
    if (!value.is_array() || value.size() > kMaxMembers)
      throw Refusal{where_ + "." + name + " must be a list of at most " +
                    std::to_string(kMaxMembers)};
    return value;
  }
  void done() const {
    for (const auto& [name, value] : json_.items())
      if (!seen_.contains(name)) throw Refusal{where_ + "." + name + " is not a known field"};
  }

 private:
  const Json& json_;
  std::string where_;
  std::set<std::string> seen_;
};

// One description of the parameters' names for reading and writing.
template <class P, class F>
void parameter_fields(P& p, F&& field) {
  field("max_body_bytes", p.max_body_bytes);
  field("max_block_transactions", p.max_block_transactions);
  field("max_transaction_gas", p.max_transaction_gas);
  field("max_block_gas", p.max_block_gas);
  field("max_timer_gas_per_block", p.max_timer_gas_per_block);
  field("block_interval_ms", p.block_interval_ms);
  field("base_timeout_ms", p.base_timeout_ms);
  field("max_timeout_ms", p.max_timeout_ms);
  field("request_timeout_ms", p.request_timeout_ms);
  field("clock_ahead_ms", p.clock_ahead_ms);
  field("anchor_interval_ms", p.anchor_interval_ms);
  field("gas_table_version", p.gas_table_version);
}

struct ReadParameter {
  ObjectReader& reader;
  void operator()(const char* name, std::uint32_t& value) const { value = reader.small(name); }
  void operator()(const char* name, std::uint64_t& value) const { value = reader.number(name); }
};

GenesisUser read_user(const Json& json, const std::string& where) {
  ObjectReader reader(json, where);
  GenesisUser user{reader.name("name"), reader.key("key"), reader.words("permissions")};
  const auto unknown = std::ranges::find_if_not(
      user.permissions, [](const std::string& one) { return is_permission(one); });
  if (unknown != user.permissions.end())
    throw Refusal{where + ".permissions: there is no permission '" + *unknown + "', only " +
                  listed(kPermissions)};
  reader.done();
  return user;
}

GenesisOrganisation read_organisation(const Json& json, const std::string& where) {
  ObjectReader reader(json, where);
  GenesisOrganisation org;
  org.id = OrgId(reader.name("id"));
  org.name = reader.text("name");
  org.lei = reader.text("lei");
  org.bic = reader.text("bic");
  org.country = reader.text("country", 2);
  if (!is_country(org.country))
    throw Refusal{where + ".country: '" + org.country + "' is no ISO 3166-1 code such as DE"};
  org.roles = reader.words("roles");
  const auto unknown =
      std::ranges::find_if_not(org.roles, [](const std::string& one) { return is_role(one); });
  if (unknown != org.roles.end())
    throw Refusal{where + ".roles: there is no role '" + *unknown + "', only " + listed(kRoles)};
  org.ca_certificate = reader.text("ca_certificate", 16 * 1024);
  org.governance_key = reader.key("governance_key");
  org.recovery_key = reader.key("recovery_key");
  const Json& users = reader.list("users");
  for (std::size_t i = 0; i < users.size(); ++i)
    org.users.push_back(read_user(users[i], where + ".users[" + std::to_string(i) + "]"));
  reader.done();
  return org;
}

GenesisNode read_node(const Json& json, const std::string& where) {
  ObjectReader reader(json, where);
  GenesisNode node;
  node.id = reader.small("id");
  node.name = reader.name("name");
  node.org = OrgId(reader.name("org"));
  node.validator = reader.flag("validator");
  node.consensus_key = reader.key("consensus_key");
  node.tls_key = reader.hash("tls_key");
  reader.done();
  return node;
}

void check_members(const Genesis& genesis) {
  std::set<OrgId> orgs;
  std::set<PublicKey> keys;
  for (const GenesisOrganisation& org : genesis.organisations) {
    if (!orgs.insert(org.id).second) throw Refusal{"organisation " + org.id.value + " twice"};
    for (const GenesisUser& user : org.users)
      if (!keys.insert(user.key).second)
        throw Refusal{"the key of user " + user.name + " of " + org.id.value +
                      " is registered twice"};
  }
  std::set<std::uint32_t> ids;
  std::set<std::string> names;
  for (const GenesisNode& node : genesis.nodes) {
    if (!orgs.contains(node.org))
      throw Refusal{"node " + node.name + " is of the unknown organisation " + node.org.value};
    if (!ids.insert(node.id).second || !names.insert(node.name).second ||
        !keys.insert(node.consensus_key).second)
      throw Refusal{"node " + node.name + ": its id, name or key is taken"};
  }
  const ValidatorSet set = genesis.validators();
  if (set.size() < limits::kMinValidators || set.size() > limits::kMaxValidators)
    throw Refusal{"a network has 4 to 100 validators, not " + std::to_string(set.size())};
  for (const OrgId& org : orgs) {
    const auto seats =
        static_cast<std::size_t>(std::count_if(set.validators.begin(), set.validators.end(),
                                               [&](const Validator& v) { return v.org == org; }));
    if (seats > set.faults())
      throw Refusal{
          org.value + " holds " + std::to_string(seats) +
          " validators; no organisation may hold more than f = " + std::to_string(set.faults())};
  }
}

Genesis read_genesis(const Json& json) {
  ObjectReader reader(json, "genesis");
  Genesis genesis;
  if (reader.text("format") != kFormat)
    throw Refusal{"this program reads the format " + std::string(kFormat)};
  genesis.network = reader.name("network");
  genesis.time = TimeMs(reader.number("time_ms"));
  genesis.development = reader.flag("development");
  ObjectReader parameters(reader.at("parameters"), "genesis.parameters");
  parameter_fields(genesis.parameters, ReadParameter{parameters});
  parameters.done();
  if (const Result<void> valid = validate(genesis.parameters); !valid)
    throw Refusal{"genesis.parameters: " + valid.error().message};
  const Json& organisations = reader.list("organisations");
  for (std::size_t i = 0; i < organisations.size(); ++i)
    genesis.organisations.push_back(
        read_organisation(organisations[i], "genesis.organisations[" + std::to_string(i) + "]"));
  const Json& nodes = reader.list("nodes");
  for (std::size_t i = 0; i < nodes.size(); ++i)
    genesis.nodes.push_back(read_node(nodes[i], "genesis.nodes[" + std::to_string(i) + "]"));
  reader.done();
  check_members(genesis);
  return genesis;
}

}  // namespace

ValidatorSet Genesis::validators() const {
  ValidatorSet set;
  for (const GenesisNode& node : nodes)
    if (node.validator) set.validators.push_back(Validator{node.id, node.org, node.consensus_key});
  std::sort(set.validators.begin(), set.validators.end());
  return set;
}

Result<Genesis> parse_genesis(std::string_view file) {
  if (file.size() > kMaxGenesisBytes)
    return fail(ErrorCode::kInvalidArgument, "the genesis file is over 4 MiB");
  try {
    Genesis genesis = read_genesis(Json::parse(file));
    genesis.chain_id = sha256(as_bytes(file));
    return genesis;
  } catch (const Refusal& refusal) {
    return fail(ErrorCode::kInvalidArgument, refusal.what);
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::kMalformed, std::string("the genesis is not JSON: ") + error.what());
  }
}

std::string write_genesis(const Genesis& genesis) {
  Json json;
  json["format"] = kFormat;
  json["network"] = genesis.network;
  json["time_ms"] = genesis.time.value;
  json["development"] = genesis.development;
  parameter_fields(genesis.parameters,
                   [&](const char* name, auto value) { json["parameters"][name] = value; });
  json["organisations"] = Json::array();
  for (const GenesisOrganisation& org : genesis.organisations) {
    Json users = Json::array();
    for (const GenesisUser& user : org.users)
      users.push_back(
          {{"name", user.name}, {"key", to_hex(user.key)}, {"permissions", user.permissions}});
    json["organisations"].push_back({{"id", org.id.value},
                                     {"name", org.name},
                                     {"lei", org.lei},
                                     {"bic", org.bic},
                                     {"country", org.country},
                                     {"roles", org.roles},
                                     {"ca_certificate", org.ca_certificate},
                                     {"governance_key", to_hex(org.governance_key)},
                                     {"recovery_key", to_hex(org.recovery_key)},
                                     {"users", users}});
  }
  json["nodes"] = Json::array();
  for (const GenesisNode& node : genesis.nodes)
    json["nodes"].push_back({{"id", node.id},
                             {"name", node.name},
                             {"org", node.org.value},
                             {"validator", node.validator},
                             {"consensus_key", to_hex(node.consensus_key)},
                             {"tls_key", to_hex(node.tls_key)}});
  return json.dump(2) + "\n";
}

}  // namespace usance
