// The signed member file: reading, writing, and the genesis made of several.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/hash.h"
#include "node/x509.h"
#include "tools/usance/member.h"

namespace usance::cli {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kMemberFormat = "usance-member/1";

// The content's own bytes are what is signed: compact JSON in the order of its fields.
Hash32 member_digest(const Json& content) {
  return tagged_hash("usance/member", ChainId{}, as_bytes(content.dump()));
}

Json content_of(const MemberFile& member) {
  Json users = Json::array();
  for (const GenesisUser& user : member.organisation.users)
    users.push_back(
        {{"name", user.name}, {"key", to_hex(user.key)}, {"permissions", user.permissions}});
  const GenesisOrganisation& org = member.organisation;
  Json nodes = Json::array();
  for (std::size_t i = 0; i < member.nodes.size(); ++i) {
    const GenesisNode& node = member.nodes[i];
    nodes.push_back({{"name", node.name},
                     {"validator", node.validator},
                     {"consensus_key", to_hex(node.consensus_key)},
                     {"tls_key", to_hex(node.tls_key)},
                     {"address", member.peer_addresses[i]}});
  }
  return {{"network", member.network},
          {"development", member.development},
          {"created_ms", member.created_ms},
          {"organisation",
           {{"id", org.id.value},
            {"name", org.name},
            {"lei", org.lei},
            {"bic", org.bic},
            {"country", org.country},
            {"roles", org.roles},
            {"ca_certificate", org.ca_certificate},
            {"governance_key", to_hex(org.governance_key)},
            {"recovery_key", to_hex(org.recovery_key)},
            {"users", users}}},
          {"nodes", nodes}};
}

template <class Fixed>
Fixed fixed(const Json& json, const char* name) {
  Fixed out;
  if (!fixed_from_hex(json.at(name).get<std::string>(), out))
    throw nlohmann::json::other_error::create(
        501, std::string(name) + " must be hexadecimal digits", &json);
  return out;
}

MemberFile parse_content(const Json& json) {
  MemberFile out;
  out.network = json.at("network");
  out.development = json.at("development");
  out.created_ms = json.at("created_ms");
  const Json& org = json.at("organisation");
  out.organisation.id = OrgId(org.at("id").get<std::string>());
  out.organisation.name = org.at("name");
  out.organisation.lei = org.at("lei");
  out.organisation.bic = org.at("bic");
  out.organisation.country = org.at("country");
  out.organisation.roles = org.at("roles").get<std::vector<std::string>>();
  out.organisation.ca_certificate = org.at("ca_certificate");
  out.organisation.governance_key = fixed<PublicKey>(org, "governance_key");
  out.organisation.recovery_key = fixed<PublicKey>(org, "recovery_key");
  for (const Json& user : org.at("users"))
    out.organisation.users.push_back({user.at("name"), fixed<PublicKey>(user, "key"),
                                      user.at("permissions").get<std::vector<std::string>>()});
  for (const Json& node : json.at("nodes")) {
    out.nodes.push_back({0, node.at("name"), out.organisation.id, node.at("validator"),
                         fixed<PublicKey>(node, "consensus_key"), fixed<Hash32>(node, "tls_key")});
    out.peer_addresses.push_back(node.at("address"));
  }
  return out;
}

Result<MemberFile> check(const Json& file) {
  if (file.at("format") != kMemberFormat)
    return fail(ErrorCode::kMalformed,
                "not a member file of the format " + std::string(kMemberFormat));
  const Json& content = file.at("member");
  MemberFile member = parse_content(content);
  if (content_of(member) != content || file.size() != 4)
    return fail(ErrorCode::kMalformed, "the member file has unknown or misplaced fields");
  const Hash32 digest = member_digest(content);
  const Verifier& verifier = ed25519_verifier();
  if (!verifier.verify(member.organisation.governance_key, digest,
                       fixed<Signature>(file, "signature")))
    return fail(ErrorCode::kBadSignature, "the signature of " + member.organisation.id.value +
                                              " does not verify: the file was changed");
  const Json& nodes = file.at("node_signatures");
  if (!nodes.is_array() || nodes.size() != member.nodes.size())
    return fail(ErrorCode::kBadSignature, "each node's key must sign the member file");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Signature signature;
    if (!fixed_from_hex(nodes[i].get<std::string>(), signature) ||
        !verifier.verify(member.nodes[i].consensus_key, digest, signature))
      return fail(ErrorCode::kBadSignature,
                  "the signature of node " + member.nodes[i].name + " does not verify");
  }
  return member;
}

}  // namespace

Result<std::string> write_member_file(const MemberHome& home) {
  USANCE_ASSIGN(const std::string text, read_file(home.description()));
  USANCE_ASSIGN(const SecretSeed governance, read_key_file(home.governance_key().string()));
  try {
    const Json content = Json::parse(text);
    const MemberFile member = parse_content(content);
    const Hash32 digest = member_digest(content);
    Json node_signatures = Json::array();
    if (!member.nodes.empty()) {
      USANCE_ASSIGN(const SecretSeed node, read_key_file(home.consensus_key().string()));
      node_signatures.push_back(to_hex(ed25519_signer(node)->sign(digest)));
    }
    const Json file = {{"format", kMemberFormat},
                       {"member", content},
                       {"signature", to_hex(ed25519_signer(governance)->sign(digest))},
                       {"node_signatures", node_signatures}};
    const std::string out = file.dump(2) + "\n";
    if (const Result<MemberFile> valid = read_member_file(out); !valid)
      return fail_with(home.description().string(), valid.error());
    return out;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::kMalformed, home.description().string() + ": " + error.what());
  }
}

Result<MemberFile> own_member(const MemberHome& home) {
  USANCE_ASSIGN(const std::string text, write_member_file(home));
  return read_member_file(text);
}

Result<MemberFile> read_member_file(std::string_view text) {
  try {
    return check(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::kMalformed, std::string("not a member file: ") + error.what());
  }
}

Result<Genesis> assemble_genesis(std::vector<MemberFile> members) {
  if (members.empty()) return fail(ErrorCode::kInvalidArgument, "no member files were given");
  std::sort(members.begin(), members.end(), [](const MemberFile& a, const MemberFile& b) {
    return a.organisation.id < b.organisation.id;
  });
  Genesis genesis;
  genesis.network = members.front().network;
  genesis.development = members.front().development;
  for (const MemberFile& member : members) {
    const std::string& org = member.organisation.id.value;
    if (member.network != genesis.network)
      return fail(ErrorCode::kInvalidArgument, org + " is a member of the network '" +
                                                   member.network + "', the others of '" +
                                                   genesis.network + "'");
    if (member.development != genesis.development)
      return fail(ErrorCode::kInvalidArgument,
                  org + " disagrees with the others whether this is a development network");
    if (const auto authority = x509::normalised_authority(member.organisation.ca_certificate);
        !authority)
      return fail(ErrorCode::kInvalidArgument,
                  "the ca_certificate of " + org + ": " + authority.error().message);
    genesis.time = std::max(genesis.time, TimeMs(member.created_ms));
    genesis.organisations.push_back(member.organisation);
    for (const GenesisNode& node : member.nodes) genesis.nodes.push_back(node);
  }
  std::sort(genesis.nodes.begin(), genesis.nodes.end(),
            [](const GenesisNode& a, const GenesisNode& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < genesis.nodes.size(); ++i)
    genesis.nodes[i].id = static_cast<std::uint32_t>(i + 1);
  // The file itself is the judge of what it may contain.
  return parse_genesis(write_genesis(genesis));
}

}  // namespace usance::cli
