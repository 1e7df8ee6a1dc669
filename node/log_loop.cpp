#include "node/log_loop.h"

#include "storage/ledger_store.h"

namespace usance::node {

LogLoop::LogLoop(std::unique_ptr<VoteLog> log, storage::LedgerStore& store, DiskRoom& room,
                 std::function<void(consensus::Token)> durable, std::function<void(Error)> failed)
    : log_(std::move(log)),
      store_(store),
      room_(room),
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
  return room_.until_written("blocks", stopping_, [&] {
    return store_.store_blocks(blocks, certificates, storage::Durability::kSynced);
  });
}

Result<void> LogLoop::write(const std::vector<consensus::Persist>& batch) {
  USANCE_TRY(store_blocks(batch));
  for (const consensus::Persist& persist : batch) {
    USANCE_TRY(room_.until_written("votes", stopping_,
                                   [&] { return log_->hand_over(persist.validator); }));
    USANCE_TRY(room_.until_written(
        "votes", stopping_, [&] { return log_->append(persist.token, ByteView(persist.record)); }));
  }
  return {};
}

void LogLoop::run() {
  std::vector<consensus::Persist> batch;
  while (mailbox_.take_all(batch)) {
    if (auto written = write(batch); !written) {
      if (!stopping_ || written.error().code != ErrorCode::kResourceExhausted)
        failed_(written.error());
      return;
    }
    durable_(batch.back().token);
  }
}

}  // namespace usance::node
