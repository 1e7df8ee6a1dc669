// A few replicas in one test: messages are delivered in order when the test says so, disks and
// executors answer at once unless they are held back.
#pragma once

#include <deque>
#include <functional>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "consensus/replica.h"
#include "consensus/vote_record.h"
#include "tests/unit/consensus/hash_engine.h"
#include "tools/usance-sim/keyed_hash.h"
#include "tools/usance-sim/ledger.h"

namespace usance::consensus {

inline constexpr std::uint64_t kStart = 1'700'000'000'000;

inline PublicKey test_key(std::uint8_t seed) {
  PublicKey key;
  key.bytes.fill(seed);
  return key;
}

struct Node {
  explicit Node(sim::Disk disk_in) : disk(std::move(disk_in)) {}
  std::unique_ptr<sim::KeyedHashSigner> signer;
  Config config;
  Recovery genesis;
  sim::Disk disk;
  std::unique_ptr<Replica> replica;
  Token durable = 0;
  bool disk_held = false;      // Persist is not answered
  bool wrong_results = false;  // its executor damages a receipt of every block
  bool executor_held = false;  // Execute is not answered
  std::deque<Persist> persists;
  std::deque<Execute> executions;
  std::deque<Send> waiting;
  // What came out, for assertions.
  std::vector<std::shared_ptr<const Message>> sent;
  std::vector<Admission> admissions;
  std::vector<Evicted> evicted;
  std::vector<Evidence> evidence;
  std::vector<std::string> drops;
  std::vector<ResultCertified> certified;
  std::vector<ServeBlocks> serve_blocks;
  std::vector<CheckBundles> checks;
  std::optional<Halted> halted;
  // Changes what the executor reports.
  std::function<void(Executed&)> on_executed;
};

class Cluster {
 public:
  explicit Cluster(std::size_t n = 4, Parameters parameters = default_parameters(),
                   bool follower = false);

  static Parameters default_parameters() {
    Parameters p;
    p.block_interval_ms = 0;
    p.base_timeout_ms = 1'000;
    p.max_timeout_ms = 4'000;
    p.request_timeout_ms = 1'000;
    return p;
  }

  // Starts every replica and lets them greet each other.
  void start();
  void start(std::size_t node);
  void crash(std::size_t node) { nodes[node].replica.reset(); }
  // Its vote log is gone, while it is down.
  void lose_log(std::size_t node) {
    nodes[node].disk.record.reset();
    nodes[node].disk.sequence = 0;
  }
  // It goes down, and an earlier disk is what it finds at its next start. What it sends is counted
  // from then on.
  void restore_backup(std::size_t node, const sim::Disk& backup) {
    crash(node);
    nodes[node].disk = backup;
    nodes[node].sent.clear();
  }
  void step(std::size_t node, Event event);
  void deliver(std::size_t to, std::size_t from, Message message) {
    step(to, MessageReceived{key(from), std::make_shared<const Message>(std::move(message))});
  }
  // Delivers what is under way until nothing is.
  void settle();
  // Moves the clock in ticks of 50 ms and settles after each.
  void pass(std::uint64_t ms);
  void release_disk(std::size_t node);
  void release_executor(std::size_t node);

  BundlePtr bundle(std::uint8_t nonce, std::size_t count = 1, Height until = Height(1'000));
  [[nodiscard]] BundlePtr bundle_of(std::vector<Transaction> transactions) const;
  void submit(std::size_t node, const BundlePtr& b) { step(node, BundleAdmitted{b, std::nullopt}); }
  // Orders one bundle everywhere.
  void order(std::uint8_t nonce) {
    submit(0, bundle(nonce));
    settle();
  }

  // Under which the others know the node now.
  [[nodiscard]] PeerId key(std::size_t node) const;
  [[nodiscard]] StatusReport status(std::size_t node) const {
    return nodes[node].replica->status(mono);
  }
  [[nodiscard]] Height committed(std::size_t node) const {
    return Height(status(node).height.value - 1);
  }
  [[nodiscard]] VoteRecord record(std::size_t node) const {
    auto record = decode<VoteRecord>(nodes[node].disk.record.value());
    return std::move(record).value();
  }
  // Messages of one type that left the node.
  template <class T>
  [[nodiscard]] std::vector<T> sent(std::size_t node) const {
    std::vector<T> out;
    for (const auto& message : nodes[node].sent)
      if (const T* one = std::get_if<T>(message.get())) out.push_back(*one);
    return out;
  }
  [[nodiscard]] std::vector<Vote> votes(std::size_t node, VoteKind kind) const {
    std::vector<Vote> out;
    for (const Vote& vote : sent<Vote>(node))
      if (vote.content.kind == kind) out.push_back(vote);
    return out;
  }

  // Signed by that node's key, whatever its replica would say.
  [[nodiscard]] Vote vote(std::size_t node, VoteKind kind, View view, Height height,
                          const Hash32& hash) const;
  [[nodiscard]] Certificate certificate(VoteKind kind, View view, Height height,
                                        const Hash32& hash) const;
  // A valid free proposal for the open height of a node that decided nothing yet.
  [[nodiscard]] Proposal first_proposal(std::size_t leader, View view,
                                        const std::vector<BundlePtr>& bundles) const;
  void sign(Proposal& proposal, std::size_t by) const;

  ChainId chain = sha256(as_bytes("unit"));
  ValidatorSet set;
  std::vector<Node> nodes;
  std::uint64_t mono = 1'000;
  std::uint64_t wall = kStart;
  // Whether a message may pass; all by default.
  std::function<bool(std::size_t from, std::size_t to, const Message&)> link;
  sim::KeyedHashSigner user{test_key(200)};

 private:
  void do_in_order(std::size_t node, Outbox& out);
  void handle(std::size_t node, Output& output);
  void transmit(std::size_t node, const Send& send);
  void finish_persist(Node& n, std::size_t node);
  void finish_execute(Node& n, std::size_t node);

  struct Packet {
    std::size_t from, to;
    std::shared_ptr<const Message> message;
  };
  std::deque<Packet> under_way_;
  std::deque<std::pair<std::size_t, Output>> to_do_;
  std::uint64_t nonce_ = 1;
};

}  // namespace usance::consensus
