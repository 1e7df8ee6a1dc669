// The log thread: makes vote records, and the blocks they speak of, durable in batches.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/vote_log.h"
#include "consensus/io.h"
#include "node/disk_room.h"
#include "node/mailbox.h"

namespace usance::storage {
class LedgerStore;
}

namespace usance::node {

class LogLoop {
 public:
  // `durable` is called on the log thread with the newest durable token; `failed` once, when the
  // disk refuses for another reason than want of room: nothing is reported durable after it. A
  // full disk is waited out, and until then this node casts no vote.
  LogLoop(std::unique_ptr<VoteLog> log, storage::LedgerStore& store, DiskRoom& room,
          std::function<void(consensus::Token)> durable, std::function<void(Error)> failed);
  ~LogLoop();
  void start();
  void stop();  // what was handed over is still written
  void persist(consensus::Persist persist) { mailbox_.push_always(std::move(persist)); }

 private:
  void run();
  Result<void> write(const std::vector<consensus::Persist>& batch);
  Result<void> store_blocks(const std::vector<consensus::Persist>& batch);

  const std::unique_ptr<VoteLog> log_;
  storage::LedgerStore& store_;
  DiskRoom& room_;
  const std::function<void(consensus::Token)> durable_;
  const std::function<void(Error)> failed_;
  Mailbox<consensus::Persist> mailbox_{SIZE_MAX};  // bounded by the core: one open height
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace usance::node
