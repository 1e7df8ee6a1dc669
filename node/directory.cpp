#include "node/directory.h"

#include <algorithm>

#include "contracts/system/governance_view.h"
#include "node/x509.h"

namespace usance::node {

namespace {

template <class Match>
const KnownNode* find(const std::vector<KnownNode>& nodes, Match match) {
  const auto found = std::find_if(nodes.begin(), nodes.end(), match);
  return found == nodes.end() ? nullptr : &*found;
}

}  // namespace

const KnownNode* Directory::by_key(const PublicKey& key) const {
  return find(nodes, [&](const KnownNode& n) { return n.key == key || n.next_key == key; });
}
const KnownNode* Directory::by_tls_key(const Hash32& tls_key) const {
  return find(nodes, [&](const KnownNode& n) { return n.tls_key == tls_key; });
}
const KnownNode* Directory::by_id(std::uint32_t id) const {
  return find(nodes, [&](const KnownNode& n) { return n.id == id; });
}

Directory::Authorities Directory::usable_authorities() const {
  Authorities all;
  for (const auto& [org, pem] : authorities) {
    if (const auto authority = x509::normalised_authority(pem))
      all.pem += *authority;
    else
      all.unusable[org] = authority.error();
  }
  return all;
}

Directory read_directory(const StateView& state, Height height) {
  const governance::ValidatorSchedule schedule = governance::validators(state);
  const auto member = [](const ValidatorSet& set, std::uint32_t id) {
    const auto found = std::ranges::find(set.validators, id, &Validator::id);
    return found == set.validators.end() ? nullptr : &*found;
  };
  Directory directory;
  for (const governance::NodeInfo& node : governance::nodes(state)) {
    if (node.removed) continue;
    const Validator* now = member(schedule.at(height.next()), node.id);
    const bool pending = schedule.pending && member(schedule.pending->set, node.id) != nullptr;
    KnownNode known{node.id,     node.name, node.org, now != nullptr || pending, node.consensus_key,
                    node.tls_key};
    if (now != nullptr && now->key != node.consensus_key) {
      known.key = now->key;
      known.next_key = node.consensus_key;
    }
    directory.nodes.push_back(std::move(known));
  }
  for (const governance::OrganisationInfo& org : governance::organisations(state)) {
    if (org.removed) continue;
    directory.authorities[org.id] = org.ca_certificate;
    for (const governance::UserInfo& user : governance::users(state, org.id))
      if (user.revoked) directory.revoked_users[org.id].insert(user.name);
  }
  return directory;
}

Directory directory_of(const Genesis& genesis) {
  Directory directory;
  for (const GenesisNode& node : genesis.nodes)
    directory.nodes.push_back(
        {node.id, node.name, node.org, node.validator, node.consensus_key, node.tls_key});
  std::sort(directory.nodes.begin(), directory.nodes.end(),
            [](const KnownNode& a, const KnownNode& b) { return a.id < b.id; });
  for (const GenesisOrganisation& org : genesis.organisations)
    directory.authorities[org.id] = org.ca_certificate;
  return directory;
}

}  // namespace usance::node
