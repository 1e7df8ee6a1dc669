#include "tests/unit/consensus/cluster.h"

#include "consensus/divergence.h"

namespace usance::consensus {

Cluster::Cluster(std::size_t n, Parameters parameters, bool follower) {
  for (std::uint32_t i = 0; i < n; ++i)
    set.validators.push_back(Validator{i + 1, OrgId("org-" + std::to_string(i)),
                                       test_key(static_cast<std::uint8_t>(i + 1))});
  const std::size_t all = n + (follower ? 1 : 0);
  for (std::size_t i = 0; i < all; ++i) {
    Node node(
        sim::Disk(sim::Ledger(std::make_shared<HashEngine>(chain, TimeMs(kStart - 1'000), set))));
    const PublicKey key = test_key(static_cast<std::uint8_t>(i + 1));
    if (i < n) node.signer = std::make_unique<sim::KeyedHashSigner>(key);
    node.config.chain = chain;
    node.config.genesis_result = result_hash(node.disk.ledger.genesis_result());
    node.config.self = key;
    node.config.signer = node.signer.get();
    node.config.verifier = &sim::keyed_hash_verifier();
    node.genesis.sets.push_back({Height{}, set});
    node.genesis.parameters.push_back({Height{}, parameters});
    node.genesis.keys.push_back(KeyGrant{OrgId("org-0"), user.public_key(), Height{}, {}});
    nodes.push_back(std::move(node));
  }
}

void Cluster::start() {
  for (std::size_t i = 0; i < nodes.size(); ++i) start(i);
  settle();
  pass(300);
}

void Cluster::start(std::size_t node) {
  Node& n = nodes[node];
  Recovery recovery = n.genesis;
  n.disk.recover(recovery);
  recovery.boot_nonce = ++nonce_;
  n.persists.clear();
  n.executions.clear();
  n.waiting.clear();
  n.durable = n.disk.sequence;
  n.replica = std::make_unique<Replica>(n.config, recovery);
  Outbox out;
  n.replica->start(TimeMs(wall), mono, out);
  do_in_order(node, out);
}

// What a step puts out is done before what follows from it: as the loops of a node do.
void Cluster::do_in_order(std::size_t node, Outbox& out) {
  const bool first = to_do_.empty();
  for (Output& output : out) to_do_.emplace_back(node, std::move(output));
  if (!first) return;
  while (!to_do_.empty()) {
    handle(to_do_.front().first, to_do_.front().second);
    to_do_.pop_front();
  }
}

PeerId Cluster::key(std::size_t node) const {
  const Node& n = nodes[node];
  const Signer* next = n.config.next_signer;
  const bool replaced =
      next != nullptr && n.replica && n.replica->validators().index_of(next->public_key());
  return replaced ? next->public_key() : n.config.self;
}

void Cluster::step(std::size_t node, Event event) {
  if (!nodes[node].replica) return;
  Outbox out;
  nodes[node].replica->step(Input{TimeMs(wall), mono, std::move(event)}, out);
  do_in_order(node, out);
}

void Cluster::settle() {
  for (int guard = 0; !under_way_.empty(); ++guard) {
    ASSERT_LT(guard, 200'000) << "messages go on for ever";
    const Packet packet = under_way_.front();
    under_way_.pop_front();
    if (link && !link(packet.from, packet.to, *packet.message)) continue;
    if (const auto* gossip = std::get_if<BundleGossip>(packet.message.get())) {
      auto checked = CheckedBundle::check(chain, gossip->raw, sim::keyed_hash_verifier());
      if (checked)
        step(packet.to, BundleAdmitted{std::make_shared<const CheckedBundle>(*std::move(checked)),
                                       key(packet.from)});
      continue;
    }
    step(packet.to, MessageReceived{key(packet.from), packet.message});
  }
}

void Cluster::pass(std::uint64_t ms) {
  for (std::uint64_t done = 0; done < ms; done += 50) {
    mono += 50;
    wall += 50;
    for (std::size_t i = 0; i < nodes.size(); ++i) step(i, Tick{});
    settle();
  }
}

void Cluster::handle(std::size_t node, Output& output) {
  Node& n = nodes[node];
  if (auto* send = std::get_if<Send>(&output)) {
    if (send->after > n.durable) {
      n.waiting.push_back(*send);
    } else {
      transmit(node, *send);
    }
  } else if (auto* persist = std::get_if<Persist>(&output)) {
    n.persists.push_back(*persist);
    if (!n.disk_held) finish_persist(n, node);
  } else if (auto* check = std::get_if<CheckBundles>(&output)) {
    n.checks.push_back(*check);
    BundlesChecked answer{check->ticket, {}};
    for (const Bytes& raw : check->bundles) {
      auto checked = check->signatures
                         ? CheckedBundle::check(chain, raw, sim::keyed_hash_verifier())
                         : CheckedBundle::decode_certified(chain, raw);
      answer.bundles.push_back(checked ? std::make_shared<const CheckedBundle>(*std::move(checked))
                                       : nullptr);
    }
    step(node, std::move(answer));
  } else if (auto* execute = std::get_if<Execute>(&output)) {
    n.executions.push_back(*execute);
    if (!n.executor_held) finish_execute(n, node);
  } else if (auto* certified = std::get_if<ResultCertified>(&output)) {
    n.disk.ledger.certify(certified->height, certified->certificate);
    n.certified.push_back(*certified);
  } else if (auto* admission = std::get_if<Admission>(&output)) {
    n.admissions.push_back(*admission);
  } else if (auto* evicted = std::get_if<Evicted>(&output)) {
    n.evicted.push_back(*evicted);
  } else if (auto* evidence = std::get_if<EvidenceFound>(&output)) {
    n.evidence.push_back(evidence->evidence);
  } else if (auto* drop = std::get_if<DropPeer>(&output)) {
    n.drops.push_back(drop->reason);
  } else if (auto* halted = std::get_if<Halted>(&output)) {
    n.halted = *halted;
  } else if (auto* serve = std::get_if<ServeBlocks>(&output)) {
    n.serve_blocks.push_back(*serve);
    Blocks blocks;
    for (Height h = serve->from; h.value < serve->from.value + serve->count; h = h.next()) {
      const sim::LedgerEntry& entry = n.disk.ledger.at(h);
      blocks.blocks.push_back(SyncedBlock{Block{entry.block->header, entry.block->body()},
                                          entry.commit, entry.certificate});
    }
    transmit(node, Send{Audience::kPeer, serve->peer,
                        std::make_shared<const Bytes>(encode_message(blocks)), 0});
  } else if (auto* parts = std::get_if<ServeResultParts>(&output)) {
    const ResultParts reply = n.disk.ledger.at(parts->height).parts();
    transmit(node, Send{Audience::kPeer, parts->peer,
                        std::make_shared<const Bytes>(encode_message(reply)), 0});
  } else if (auto* diverged = std::get_if<Diverged>(&output)) {
    step(node,
         DifferenceFound{first_difference(
             n.disk.ledger.at(diverged->certified.header.height).parts(), diverged->certified)});
  } else if (auto* results = std::get_if<ServeResults>(&output)) {
    Results reply;
    for (Height h = results->from;
         h <= n.disk.ledger.certified() && reply.certificates.size() < results->count; h = h.next())
      reply.certificates.push_back(*n.disk.ledger.at(h).certificate);
    transmit(node, Send{Audience::kPeer, results->peer,
                        std::make_shared<const Bytes>(encode_message(reply)), 0});
  }
}

void Cluster::transmit(std::size_t node, const Send& send) {
  auto decoded = decode_message(*send.bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  const auto message = std::make_shared<const Message>(*std::move(decoded));
  nodes[node].sent.push_back(message);
  const ValidatorSet& now = nodes[node].replica ? nodes[node].replica->validators() : set;
  for (std::size_t to = 0; to < nodes.size(); ++to) {
    const bool validator = now.index_of(key(to)).has_value();
    const bool meant = send.audience == Audience::kAll ||
                       (send.audience == Audience::kPeer && key(to) == send.peer) ||
                       (send.audience == Audience::kValidators && validator) ||
                       (send.audience == Audience::kFollowers && !validator);
    if (meant && to != node) under_way_.push_back({node, to, message});
  }
}

void Cluster::finish_persist(Node& n, std::size_t node) {
  const Persist done = n.persists.front();
  n.persists.pop_front();
  n.disk.apply(done, true);
  n.durable = done.token;
  std::deque<Send> waiting;
  waiting.swap(n.waiting);
  for (Send& send : waiting) {
    if (send.after <= n.durable) {
      transmit(node, send);
    } else {
      n.waiting.push_back(send);
    }
  }
  // Sends of the same step may follow their Persist: they find the token durable already.
  step(node, Durable{done.token});
}

void Cluster::finish_execute(Node& n, std::size_t node) {
  const Execute execution = n.executions.front();
  n.executions.pop_front();
  const sim::LedgerEntry& entry = n.disk.ledger.apply(execution, n.wrong_results);
  n.disk.forget_executed();
  Executed executed{entry.result, entry.result_hash, std::nullopt, {}, std::nullopt};
  if (n.on_executed) n.on_executed(executed);
  step(node, std::move(executed));
}

void Cluster::release_disk(std::size_t node) {
  nodes[node].disk_held = false;
  while (!nodes[node].persists.empty()) finish_persist(nodes[node], node);
}

void Cluster::release_executor(std::size_t node) {
  nodes[node].executor_held = false;
  while (!nodes[node].executions.empty()) finish_execute(nodes[node], node);
}

BundlePtr Cluster::bundle(std::uint8_t nonce, std::size_t count, Height until) {
  std::vector<Transaction> transactions;
  for (std::size_t i = 0; i < count; ++i) {
    Transaction tx;
    tx.org = OrgId("org-0");
    tx.user_key = user.public_key();
    tx.nonce.bytes.fill(nonce);
    tx.nonce.bytes[0] = static_cast<std::uint8_t>(i);
    tx.valid_until_height = until;
    tx.gas_limit = 1'000;
    tx.contract = "deposit";
    tx.method = "Transfer";
    transactions.push_back(std::move(tx));
  }
  return bundle_of(std::move(transactions));
}

BundlePtr Cluster::bundle_of(std::vector<Transaction> transactions) const {
  auto checked = CheckedBundle::check(
      chain, encode(sign_bundle(chain, std::move(transactions), user)), sim::keyed_hash_verifier());
  return std::make_shared<const CheckedBundle>(std::move(checked).value());
}

Vote Cluster::vote(std::size_t node, VoteKind kind, View view, Height height,
                   const Hash32& hash) const {
  Vote out;
  out.content = VoteContent{kind, Epoch{}, view, height, hash};
  out.signer = static_cast<std::uint32_t>(node);
  out.signature = nodes[node].signer->sign(vote_digest(chain, out.content));
  return out;
}

Certificate Cluster::certificate(VoteKind kind, View view, Height height,
                                 const Hash32& hash) const {
  std::vector<SignedVote> votes;
  for (std::size_t i = 0; i < set.quorum(); ++i)
    votes.push_back({static_cast<std::uint32_t>(i), vote(i, kind, view, height, hash).signature});
  return make_certificate(set, VoteContent{kind, Epoch{}, view, height, hash}, votes);
}

Proposal Cluster::first_proposal(std::size_t leader, View view,
                                 const std::vector<BundlePtr>& bundles) const {
  Proposal proposal;
  proposal.view = view;
  proposal.header.chain = chain;
  proposal.header.height = Height(1);
  proposal.header.view = view;
  proposal.header.proposer = static_cast<std::uint32_t>(leader);
  proposal.header.parent = block_hash(nodes[0].disk.ledger.genesis_header());
  for (const BundlePtr& b : bundles) proposal.body.bundles.push_back(b->raw());
  proposal.header.body_root = body_root(proposal.body);
  proposal.header.time = TimeMs(wall);
  proposal.header.certified = ResultRef{Height{}, nodes[0].config.genesis_result};
  sign(proposal, leader);
  return proposal;
}

void Cluster::sign(Proposal& proposal, std::size_t by) const {
  proposal.signer = static_cast<std::uint32_t>(by);
  proposal.signature = nodes[by].signer->sign(
      proposal_digest(chain, ProposalContent{proposal.header.epoch, proposal.view,
                                             proposal.header.height, block_hash(proposal.header)}));
}

}  // namespace usance::consensus
