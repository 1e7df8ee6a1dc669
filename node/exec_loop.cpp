#include "node/exec_loop.h"

#include <algorithm>

#include "contracts/executor/result.h"
#include "contracts/system/governance_view.h"
#include "node/log.h"
#include "storage/ledger_store.h"

namespace usance::node {

namespace {

bool touches_governance(const std::vector<StateChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const StateChange& change) {
    return change.key.contract == governance::kContract;
  });
}

consensus::Executed report(const ResultHeader& header, const BlockOutcome& outcome,
                           const Parameters& before) {
  consensus::Executed executed;
  executed.result = header;
  executed.result_hash = result_hash(header);
  if (outcome.parameters != before) executed.parameters = outcome.parameters;
  for (const KeyLife& life : outcome.key_changes)
    executed.keys.push_back({life.org, life.key, life.added, life.revoked});
  if (outcome.pending) executed.next_set = outcome.pending->set;
  return executed;
}

}  // namespace

ExecLoop::ExecLoop(const Genesis& genesis, const RecoveryRecords& recoveries,
                   storage::LedgerStore& store, DiskRoom& room, Parameters parameters,
                   Outputs outputs)
    : genesis_(genesis),
      recoveries_(recoveries),
      store_(store),
      room_(room),
      executor_(genesis.chain_id),
      parameters_(parameters),
      outputs_(std::move(outputs)) {}

ExecLoop::~ExecLoop() {
  stop();
}

void ExecLoop::start() {
  thread_ = std::thread([this] { run(); });
}

void ExecLoop::stop() {
  stopping_ = true;
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

void ExecLoop::run() {
  std::vector<Item> items;
  while (mailbox_.take_all(items)) {
    for (Item& item : items) {
      if (stopping_) return;
      const auto handled = unless_unreadable(
          [&] { return std::visit([this](auto& what) { return handle(what); }, item); });
      if (!handled) {
        if (!stopping_) outputs_.failed(handled.error());
        return;
      }
    }
  }
}

// The record that this height is the first behind, judged by the ledger below it.
Result<const RecoveryRecord*> ExecLoop::recovery_before(Height height) const {
  const RecoveryRecord* record = recoveries_.beginning_at(height);
  if (record != nullptr) USANCE_TRY(recoveries_.judge(genesis_, store_));
  return record;
}

Result<void> ExecLoop::handle(consensus::Execute& execute) {
  const auto begin = std::chrono::steady_clock::now();
  const BlockHeader& header = execute.block->header;
  if (store_.executed() && header.height <= *store_.executed()) return {};
  BlockInput input{header, execute.block->bundles, execute.marks};
  USANCE_ASSIGN(input.recovery, recovery_before(header.height));
  BlockOutcome outcome = executor_.execute_block(store_.latest_view(), input);
  USANCE_ASSIGN(const storage::StagedState staged, store_.stage(header.height, outcome.changes));
  const ResultHeader result =
      make_result_header(header, outcome, staged.state_root(), store_.next_ledger_root());
  const BlockBody body = execute.block->body();
  // A full disk is waited out; everything else that a write refuses ends the node.
  USANCE_TRY(room_.until_written("results", stopping_, [&] {
    return store_.commit(staged, {header, &body, &execute.commit, execute.vote_sequence},
                         outcome.receipts, outcome.events, result);
  }));
  stats_.blocks.fetch_add(1);
  stats_.transactions.fetch_add(outcome.receipts.size());
  stats_.gas.fetch_add(outcome.gas_used);
  stats_.microseconds.fetch_add(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now() - begin)
                                     .count()));
  outputs_.executed(report(result, outcome, parameters_));
  outputs_.committed(header.height);
  parameters_ = outcome.parameters;
  // Also when a pending set takes over: who votes, and with which key, is another from then on.
  if (touches_governance(outcome.changes) ||
      (outcome.pending && outcome.pending->height == header.height.next()))
    outputs_.members_changed(
        recoveries_.ahead(read_directory(store_.latest_view(), header.height), header.height));
  log::debug("block.executed", "a block was executed",
             {{"height", header.height},
              {"actions", outcome.receipts.size()},
              {"gas", outcome.gas_used},
              {"state_root", result.state_root}});
  done_[header.height] = {execute.block, std::move(outcome.receipts), result};
  if (const auto early = early_.find(header.height); early != early_.end()) {
    consensus::ResultCertified certified{header.height, std::move(early->second)};
    early_.erase(early);
    return handle(certified);
  }
  return {};
}

Result<void> ExecLoop::handle(consensus::ResultCertified& certified) {
  const Height height = certified.height;
  if (!store_.executed() || height > *store_.executed()) {
    early_[height] = std::move(certified.certificate);
    return {};
  }
  const Certificate certificates[] = {certified.certificate};
  USANCE_TRY(room_.until_written("certificates", stopping_, [&] {
    return store_.store_blocks({}, certificates, storage::Durability::kRelaxed);
  }));
  auto block = std::make_shared<CertifiedBlock>();
  block->certificate = std::move(certified.certificate);
  if (const auto found = done_.find(height); found != done_.end()) {
    block->block = std::move(found->second.block);
    block->receipts = std::move(found->second.receipts);
    block->result = std::move(found->second.result);
  } else {
    // Executed before a restart. Nobody of this process waits for its bundles.
    auto made = std::make_shared<consensus::CheckedBlock>();
    USANCE_ASSIGN(made->header, store_.header(height));
    made->hash = block_hash(made->header);
    block->block = std::move(made);
    USANCE_ASSIGN(block->receipts, store_.receipts(height));
    USANCE_ASSIGN(block->result, store_.result_header(height));
  }
  done_.erase(done_.begin(), done_.upper_bound(height));
  outputs_.certified(std::move(block));
  return {};
}

Result<void> initialise_store(const Genesis& genesis, storage::LedgerStore& store) {
  USANCE_ASSIGN(BlockOutcome outcome, genesis_outcome(genesis));
  USANCE_ASSIGN(const storage::StagedState staged, store.stage(Height(0), outcome.changes));
  const BlockHeader header = genesis_block_header(genesis.chain_id, genesis.time);
  const ResultHeader result =
      make_result_header(header, outcome, staged.state_root(), store.next_ledger_root());
  const BlockBody body;
  return store.commit(staged, {header, &body, nullptr}, outcome.receipts, outcome.events, result);
}

}  // namespace usance::node
