#include "node/disk_room.h"

#include <string>
#include <thread>

#include "node/log.h"
#include "storage/ledger_store.h"

namespace usance::node {

namespace {

constexpr auto kRetry = std::chrono::seconds(1);
constexpr int kTriesPerReminder = 60;

}  // namespace

Result<void> DiskRoom::until_written(std::string_view what, const std::atomic<bool>& stopping,
                                     const std::function<Result<void>()>& write) {
  Result<void> written = write();
  if (written || written.error().code != ErrorCode::kResourceExhausted) return written;
  ++waiting_;
  for (int tries = 0;
       !stopping && !written && written.error().code == ErrorCode::kResourceExhausted; ++tries) {
    if (tries % kTriesPerReminder == 0)
      log::error("disk.full",
                 "no room on the disk: this node neither votes nor executes until "
                 "there is, and then goes on by itself",
                 {{"for", std::string(what)}, {"error", written.error().message}});
    std::this_thread::sleep_for(kRetry);
    written = write();
  }
  --waiting_;
  if (written)
    log::info("disk.room", "there is room on the disk again", {{"for", std::string(what)}});
  else if (stopping)
    log::warning("disk.full", "stopping without what waited for room; none of it was sent",
                 {{"for", std::string(what)}});
  return written;
}

bool DiskRoom::full() const {
  return waiting_ > 0 || store_.disk_full();
}

void DiskRoom::housekeeping() {
  if (!store_.disk_full()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) return;
  next_try_ = now + kRetry;
  // A failure is told by those who wait, and by the node's health.
  if (store_.resume()) log::info("disk.room", "the store writes again");
}

}  // namespace usance::node
