// A chain of four heights, small and whole: what evidence is made of, without a store.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/evidence_verify.h"
#include "base/hash.h"

namespace usance {

// Height 1: a transaction puts demo/LC-1/status. Height 2: a timer's run, then a transaction that
// puts it again, with two events. Height 3 (the tip): nothing. The registry knows demo's module.
class SampleChain {
 public:
  SampleChain() {
    genesis.chain_id = sha256(as_bytes("sample genesis"));
    genesis.network = "sample";
    for (std::uint32_t i = 0; i < 4; ++i) {
      SecretSeed seed;
      seed.bytes[0] = static_cast<std::uint8_t>(i + 1);
      signers.push_back(ed25519_signer(seed));
      const OrgId org("org-" + std::to_string(i));
      GenesisOrganisation organisation;
      organisation.id = org;
      genesis.organisations.push_back(organisation);
      GenesisNode node;
      node.id = i + 1;
      node.name = "node-" + std::to_string(i + 1);
      node.org = org;
      node.consensus_key = signers.back()->public_key();
      genesis.nodes.push_back(node);
    }
    SecretSeed seed;
    seed.bytes[0] = 99;
    user = ed25519_signer(seed);
    build_actions();
    build_state();
    build_headers();
  }

  [[nodiscard]] Certificate certify(const ResultHeader& header, const ValidatorSet& set) const {
    const VoteContent content{VoteKind::kExec, set.epoch, View{}, header.height,
                              result_hash(header)};
    std::vector<SignedVote> votes;
    for (std::uint32_t i = 0; i < set.quorum(); ++i)
      votes.push_back({i, signers[i]->sign(vote_digest(genesis.chain_id, content))});
    return make_certificate(set, content, votes);
  }
  [[nodiscard]] Certificate certify(const ResultHeader& header) const {
    return certify(header, genesis.validators());
  }

  [[nodiscard]] ProvenResult result(std::uint64_t height, std::uint64_t tree) const {
    return {headers[height], merkle_path(ledger_leaves(tree), height)};
  }
  [[nodiscard]] std::vector<Hash32> ledger_leaves(std::uint64_t count) const {
    std::vector<Hash32> out;
    for (std::uint64_t h = 0; h < count; ++h)
      out.push_back(ledger_leaf(headers[h].block, result_hash(headers[h])));
    return out;
  }

  [[nodiscard]] ActionProof action(std::uint64_t height, std::size_t index) const {
    const auto& receipts = receipts_[height];
    std::vector<Hash32> ids;
    std::vector<Hash32> leaves;
    for (const Receipt& receipt : receipts) {
      ids.push_back(transaction_leaf(receipt.tx));
      leaves.push_back(receipt_leaf(receipt));
    }
    ActionProof proof{
        Height(height), merkle_path(ids, index), merkle_path(leaves, index), receipts[index], {}};
    if (!receipts[index].timer) {
      const Bundle& bundle = bundles_[height];
      std::vector<Hash32> bundle_leaves;
      for (const Transaction& tx : bundle.transactions)
        bundle_leaves.push_back(transaction_leaf(transaction_id(genesis.chain_id, tx)));
      // The transaction of interest is the last of its bundle.
      const std::size_t at = bundle.transactions.size() - 1;
      proof.transaction = SignedTransaction{bundle.transactions[at], merkle_path(bundle_leaves, at),
                                            bundle.signature};
    }
    return proof;
  }
  [[nodiscard]] EventProof event(std::size_t index) const {
    std::vector<Hash32> leaves;
    for (const Event& one : events_) leaves.push_back(event_leaf(one));
    return {Height(2), merkle_path(leaves, index), events_[index]};
  }
  [[nodiscard]] ItemProof item(const StateKey& key) const {
    ItemProof out{Height(3), key, {}};
    out.proof.scope = scope_way(scope_path(key.contract, key.scope));
    if (!out.proof.scope.leaf || out.proof.scope.leaf->path != scope_path(key.contract, key.scope))
      return out;
    // Every scope here has one item.
    const auto& [name, value] = items_.at(key.contract);
    out.proof.item = ItemPath{{}, ItemPath::Leaf{item_path(name), value_hash(value)}};
    out.proof.has_value = name == key.item;
    if (out.proof.has_value) out.proof.value = value;
    return out;
  }
  [[nodiscard]] ObjectProof object() const {
    ObjectProof out{Height(3), "demo", to_bytes("LC-1"), {}};
    out.history.scope = scope_way(scope_path("demo", to_bytes("LC-1")));
    out.history.changes = changes_;
    return out;
  }
  [[nodiscard]] InterfaceProof interface() const {
    return {"demo", module_, item({"contracts", to_bytes("contract/demo"), to_bytes("contract")})};
  }

  [[nodiscard]] Evidence base(EvidenceSubject subject) const {
    Evidence e;
    e.chain = genesis.chain_id;
    e.subject = subject;
    e.basis = EvidenceBasis::kGenesis;
    e.tip = CertifiedResult{headers[3], certify(headers[3])};
    return e;
  }
  [[nodiscard]] Evidence of_transaction() const {
    Evidence e = base(EvidenceSubject::kTransaction);
    e.results = {result(2, 3)};
    e.actions = {action(2, 2)};
    e.events = {event(0), event(1)};
    e.interfaces = {interface()};
    return e;
  }
  [[nodiscard]] Evidence of_event() const {
    Evidence e = base(EvidenceSubject::kEvent);
    e.results = {result(2, 3)};
    e.actions = {action(2, 2)};
    e.events = {event(1)};
    return e;
  }
  [[nodiscard]] Evidence of_item() const {
    Evidence e = base(EvidenceSubject::kItem);
    e.items = {item({"demo", to_bytes("LC-1"), to_bytes("status")})};
    return e;
  }
  [[nodiscard]] Evidence of_absence() const {
    Evidence e = base(EvidenceSubject::kItem);
    e.items = {item({"demo", to_bytes("LC-2"), to_bytes("status")})};
    return e;
  }
  [[nodiscard]] Evidence of_object() const {
    Evidence e = base(EvidenceSubject::kObject);
    e.results = {result(1, 3), result(2, 3)};
    e.objects = {object()};
    e.actions = {action(1, 0), action(2, 2)};
    e.interfaces = {interface()};
    return e;
  }

  [[nodiscard]] EvidenceResult<VerifiedEvidence> verify(const Evidence& e,
                                                        const EvidenceOptions& options = {}) const {
    return verify_evidence_file(write_evidence(e), genesis, options, ed25519_verifier());
  }

  Genesis genesis;
  std::vector<std::unique_ptr<Signer>> signers;
  std::unique_ptr<Signer> user;
  std::vector<ResultHeader> headers;

 private:
  Bundle bundle(const std::string& value, std::size_t count) const {
    std::vector<Transaction> transactions;
    for (std::size_t i = 0; i < count; ++i) {
      Transaction tx;
      tx.org = OrgId("org-0");
      tx.user_key = user->public_key();
      tx.nonce.bytes[0] = static_cast<std::uint8_t>(i);
      tx.contract = "demo";
      tx.method = "Set";
      tx.arguments = to_bytes(value);
      transactions.push_back(tx);
    }
    return sign_bundle(genesis.chain_id, transactions, *user);
  }

  void build_actions() {
    bundles_.resize(4);
    receipts_.resize(4);
    bundles_[1] = bundle("issued", 1);
    bundles_[2] = bundle("honoured", 2);
    for (std::uint64_t h : {1, 2})
      for (const Transaction& tx : bundles_[h].transactions) {
        Receipt receipt;
        receipt.tx = transaction_id(genesis.chain_id, tx);
        receipts_[h].push_back(receipt);
      }
    Receipt timer;
    timer.timer = true;
    timer.tx = timer_action_id(genesis.chain_id, 7, Height(2));
    timer.contract = "demo";
    receipts_[2].insert(receipts_[2].begin(), timer);
    receipts_[2].back().events = 2;
    for (std::uint32_t i = 0; i < 2; ++i)
      events_.push_back({2, i, "demo", "Changed", to_bytes("LC-1"), to_bytes("data")});
  }

  void build_state() {
    const auto change = [](std::uint64_t height, std::uint32_t action, const char* value) {
      ScopeChange out;
      out.height = Height(height);
      out.action = action;
      out.item = to_bytes("status");
      out.kind = ScopeChange::Kind::kPut;
      out.value = to_bytes(value);
      return out;
    };
    changes_ = {change(1, 0, "issued"), change(2, 2, "honoured")};
    // A module with one custom section, the interface.
    module_ = {0, 'a', 's', 'm', 1, 0, 0, 0, 0, 21, 16};
    for (const char c : std::string("usance.interface"))
      module_.push_back(static_cast<std::uint8_t>(c));
    for (const char c : std::string("idl!")) module_.push_back(static_cast<std::uint8_t>(c));
    Bytes record{4 << 3 | 2, 32};
    const Hash32 hash = sha256(module_);
    record.insert(record.end(), hash.bytes.begin(), hash.bytes.end());
    items_["demo"] = {to_bytes("status"), to_bytes("honoured")};
    items_["contracts"] = {to_bytes("contract"), record};
    add_scope("demo", "LC-1", changes_);
    ScopeChange deployed = change(1, 0, "");
    deployed.item = to_bytes("contract");
    deployed.value = record;
    add_scope("contracts", "contract/demo", {deployed});
    std::sort(leaves_.begin(), leaves_.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
  }

  void add_scope(const std::string& contract, const std::string& scope,
                 const std::vector<ScopeChange>& changes) {
    const auto& [item, value] = items_.at(contract);
    ScopeSummary summary;
    summary.object_root = item_leaf_hash(item_path(item), value_hash(value));
    summary.item_count = 1;
    summary.change_count = changes.size();
    std::uint64_t number = 0;
    for (const ScopeChange& one : changes)
      summary.history_head =
          next_history_head(summary.history_head, ++number, one.height, one.action,
                            item_path(one.item), changed_value_hash(one));
    leaves_.push_back({scope_path(contract, to_bytes(scope)), summary});
  }

  [[nodiscard]] Hash32 root_of(std::vector<ScopePath::Leaf> leaves, std::size_t depth) const {
    std::vector<TreeLeaf> out;
    for (const auto& leaf : leaves)
      out.push_back({leaf.path, scope_leaf_hash(leaf.path, leaf.summary)});
    return sparse_root(out, depth);
  }
  [[nodiscard]] ScopePath scope_way(const Hash32& path) const {
    ScopePath out;
    std::vector<ScopePath::Leaf> rest = leaves_;
    for (std::size_t depth = 0; rest.size() > 1; ++depth) {
      std::vector<ScopePath::Leaf> here;
      std::vector<ScopePath::Leaf> there;
      for (const auto& leaf : rest)
        (path_bit(leaf.path, depth) == path_bit(path, depth) ? here : there).push_back(leaf);
      out.siblings.push_back(root_of(there, depth + 1));
      rest = here;
    }
    if (!rest.empty()) out.leaf = rest.front();
    return out;
  }

  void build_headers() {
    const ValidatorSet set = genesis.validators();
    for (std::uint64_t h = 0; h < 4; ++h) {
      ResultHeader header;
      header.chain = genesis.chain_id;
      header.height = Height(h);
      header.block = sha256(as_bytes("block " + std::to_string(h)));
      header.time = TimeMs(1'000'000 + h * 1'000);
      header.set_hash = validator_set_hash(genesis.chain_id, set);
      header.state_root = h == 3 ? root_of(leaves_, 0) : sha256(as_bytes("state"));
      std::vector<Hash32> ids;
      std::vector<Hash32> receipts;
      std::vector<Hash32> events;
      for (const Receipt& receipt : receipts_[h]) {
        ids.push_back(transaction_leaf(receipt.tx));
        receipts.push_back(receipt_leaf(receipt));
      }
      if (h == 2)
        for (const Event& one : events_) events.push_back(event_leaf(one));
      header.transaction_root = counted_root(ids.size(), merkle_root(ids));
      header.receipt_root = counted_root(receipts.size(), merkle_root(receipts));
      header.event_root = counted_root(events.size(), merkle_root(events));
      header.actions = static_cast<std::uint32_t>(ids.size());
      header.ledger_root = merkle_root(ledger_leaves(h));
      headers.push_back(header);
    }
  }

  std::vector<Bundle> bundles_;
  std::vector<std::vector<Receipt>> receipts_;
  std::vector<Event> events_;
  std::vector<ScopeChange> changes_;
  std::map<std::string, std::pair<Bytes, Bytes>> items_;  // contract -> its only item
  std::vector<ScopePath::Leaf> leaves_;
  Bytes module_;
};

}  // namespace usance
