#include "node/log_loop.h"

#include "node/log.h"
#include "storage/ledger_store.h"

namespace usance::node {

namespace {

constexpr auto kFullDiskRetry = std::chrono::seconds(1);

}  // namespace

LogLoop::LogLoop(std::unique_ptr<VoteLog> log, storage::LedgerStore& store,
                 std::function<void(consensus::Token)> durable, std::function<void(Error)> failed)
    : log_(std::move(log)),
      store_(store),
      durable_(std::move(durable)),
      failed_(std::move(failed)) {}

LogLoop::~LogLoop() {
  stop();
}

void LogLoop::start() {
  thread_ = std::thread([this] { run(); });
}

void LogLoop::stop() {
  stopping_ = true;
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

Result<void> LogLoop::store_blocks(const std::vector<consensus::Persist>& batch) {
  std::vector<Block> blocks;
  std::vector<Certificate> certificates;
  for (const consensus::Persist& persist : batch) {
    for (const auto& stored : persist.blocks) {
      blocks.push_back({stored.block->header, stored.block->body()});
      if (stored.commit) certificates.push_back(*stored.commit);
    }
  }
  if (blocks.empty() && certificates.empty()) return {};
  // A full disk is waited out: until there is room this node casts no vote.
  while (true) {
    auto stored = store_.store_blocks(blocks, certificates, storage::Durability::kSynced);
    if (stored || stored.error().code != ErrorCode::kResourceExhausted || stopping_) return stored;
    log::error("disk.full", "no room for blocks; not voting until there is",
               {{"error", stored.error().message}});
    std::this_thread::sleep_for(kFullDiskRetry);
  }
}

Result<void> LogLoop::write(const std::vector<consensus::Persist>& batch) {
  USANCE_TRY(store_blocks(batch));
  for (const consensus::Persist& persist : batch)
    USANCE_TRY(log_->append(persist.token, ByteView(persist.record)));
  return {};
}

void LogLoop::run() {
  std::vector<consensus::Persist> batch;
  while (mailbox_.take_all(batch)) {
    if (auto written = write(batch); !written) {
      failed_(written.error());
      return;
    }
    durable_(batch.back().token);
  }
}

}  // namespace usance::node
